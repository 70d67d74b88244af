package malt.problem.math;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sets of real numbers that are written in words of their own, as intervals or conditions. */
final class SetNotation {
  private static final String REALS = "\\\\mathbb ?(?:\\{ ?R ?}|R)";
  private static final String LINE = "(-\\infty,\\infty)";

  /** "]0,1[" and "[0,1[". */
  private static final Pattern TURNED =
      Pattern.compile("([\\[\\]])([^\\[\\]()]{1,100}),([^\\[\\]()]{1,100})([\\[\\]])");

  /** "{x | x > 2}", also with "x \in R"; of integers it would be another set. */
  private static final Pattern BUILDER =
      Pattern.compile(
          "\\\\\\{ ?([a-z]) ?(?:\\\\in ?"
              + REALS
              + " ?)?(?:\\||\\\\mid|\\\\vert|:) ?(.{1,500})\\\\}");

  private static final Pattern ALL =
      Pattern.compile(
          "(?:[a-z] ?\\\\in ?)?" + REALS + "|(?:\\\\text ?\\{)? ?all real(?:s|(?: numbers?)?) ?}?",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ALL_BUT =
      Pattern.compile(
          "(?:\\\\text ?\\{)? ?all real(?:s|(?: (?:numbers?|x))?),? (?:except|but|other than)(?: for)?(?: x ?=)? ?}? ?(?:x ?= ?)?([^}]{1,100})}?",
          Pattern.CASE_INSENSITIVE);

  private SetNotation() {}

  /** The same answer as intervals and inequalities where it is one of these. */
  static String plain(String normalized) {
    if (ALL.matcher(normalized).matches()) {
      return LINE;
    }
    Matcher allBut = ALL_BUT.matcher(normalized);
    if (allBut.matches()) {
      return "\\mathbb{R}\\setminus\\{" + allBut.group(1).strip() + "\\}";
    }
    Matcher turned = TURNED.matcher(normalized);
    if (turned.matches()) {
      char open = turned.group(1).equals("[") ? '[' : '(';
      char close = turned.group(4).equals("]") ? ']' : ')';
      return open + turned.group(2) + "," + turned.group(3) + close;
    }
    Matcher builder = BUILDER.matcher(normalized);
    return builder.matches() ? builder.group(2).strip() : normalized;
  }
}
