package malt.problem;

import java.util.regex.Pattern;

/** Words that make of a number a bound, a range or one of two. */
public final class Hedge {
  private static final int FLAGS = Pattern.CASE_INSENSITIVE;
  private static final Pattern HEDGE =
      Pattern.compile(
          "\\b(?:at (?:least|most)|up to|either|neither"
              + "|or (?:more|less|fewer|higher|lower|above|below|maybe|perhaps|possibly))\\b"
              + "|\\b(?:(?:more|less|fewer|greater|higher|lower|larger|smaller) than|over|under|above|below|between)\\s+\\W{0,3}\\d"
              + "|[<>\u2264\u2265\u2260\u00b1]|!="
              + "|\\\\(?:leq?|geq?|lt|gt|neq?|pm|mp|leqslant|geqslant)(?![a-zA-Z])",
          FLAGS);
  private static final Pattern OPEN_END =
      Pattern.compile(
          "(?:\\d[\\s$)*\\\\]*(?:or|to)|\\bbetween\\b.{0,40}\\d\\D{0,12}\\band"
              + "|\\bnot|n't|\\bat (?:least|most)|\\b(?:more|less|fewer|greater) than)"
              + "(?: be| equal(?: to)?)?[\\s$(*\\\\]*-?\\d[\\d.,]*\\D{0,40}$",
          FLAGS);

  private Hedge() {}

  /** Whether such words stand in a statement. */
  static boolean isIn(String statement) {
    return HEDGE.matcher(statement).find();
  }

  /** Whether the last number of a sentence is hedged or denied: "7 or 8", "between 7 and 9". */
  public static boolean endsOpen(String sentence) {
    return OPEN_END.matcher(sentence).find();
  }
}
