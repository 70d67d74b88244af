package malt.problem.math;

import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites plain TeX, typed mathematics and what only changes the look as LaTeX that is parsed. */
final class PlainTex {
  private static final Map<String, String> BASES =
      Map.of(
          "two", "2", "three", "3", "four", "4", "five", "5", "six", "6", "seven", "7", "eight",
          "8", "nine", "9", "twelve", "12", "sixteen", "16");
  private static final String BASE =
      "(\\d{1,2}|two|three|four|five|six|seven|eight|nine|twelve|sixteen)";

  private static final Pattern LOOK =
      Pattern.compile(
          "\\\\(?:textcolor|color|hspace\\*?|vspace\\*?|tag\\*?|label|[hv]?phantom) ?(?:\\[[^\\]]*])? ?\\{[^{}]*}"
              + "|\\\\(?:strut|hfill|hfil|noindent|centering|scriptstyle|large|Large|small|normalsize|mathstrut|protect|relax)(?![a-zA-Z])");
  private static final Pattern SIGN_IN_BRACES = Pattern.compile("\\{ ?([:=<>;+*/-]) ?}");
  private static final Pattern UNEQUAL =
      Pattern.compile(
          "\\\\not ?=|\\\\not ?\\\\equiv|<>|(?<=[\\p{L}\\s)}\\]])!=|\\\\neq(?![a-zA-Z])");
  private static final Pattern TIMES_TEN =
      Pattern.compile("(?<=\\d) ?[xX] ?(?=10 ?\\^)|(?<=\\d) x (?=\\d)");
  private static final Pattern MATRIX = Pattern.compile("\\\\([pbvB]?matrix) ?\\{([^{}]*)}");
  private static final Pattern ALIGNED =
      Pattern.compile(
          "\\\\begin ?\\{(align(?:ed|at)?|gather(?:ed)?|split|equation|displaymath|math|eqnarray|multline|cases)\\*?}");
  private static final Pattern ROW_THAT_GOES_ON =
      Pattern.compile("\\\\\\\\(?:\\[[^\\]]*])?[\\s&]*(?==|\\\\approx|\\\\equiv)");
  private static final Pattern ROW = Pattern.compile("\\\\\\\\(?:\\[\\d[^\\]]*])?");
  private static final Pattern DIGITS_IN_BRACKETS =
      Pattern.compile(
          "(?:\\\\(?:text|mathrm|textrm) ?\\{|\\()([0-9][0-9A-Fa-f]*|[A-F][0-9A-F]*[0-9][0-9A-F]*)[)}] ?_");
  private static final Pattern SUBSCRIPT =
      Pattern.compile(
          "(?<=[0-9A-Fa-f])_ ?(?:\\{ ?)?(?:\\\\(?:text|mathrm|textrm|mbox) ?\\{ ?)?\\(? ?(?:base[ -]?)?"
              + BASE
              + " ?\\)?(?: ?}){0,2}",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern IN_BASE =
      Pattern.compile(
          "(?<=[0-9A-F]) ?(?:\\\\text ?\\{)? ?\\(? ?(?:in )?base[ -]?(?:} ?)?"
              + BASE
              + " ?\\)? ?}?\\s*$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern LEADING_SIGN =
      Pattern.compile("^\\s*(?:=|\\\\approx(?![a-zA-Z])|~)\\s*");
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("\\smallsetminus", "\\setminus"),
          Map.entry("\\backslash", "\\setminus"),
          Map.entry("\\lbrack", "["),
          Map.entry("\\rbrack", "]"),
          Map.entry("\\lparen", "("),
          Map.entry("\\rparen", ")"),
          Map.entry("\\vert", "|"),
          Map.entry("\\lor", "\\text{ or }"),
          Map.entry("\\vee", "\\text{ or }"),
          Map.entry("\\land", "\\text{ and }"),
          Map.entry("\\wedge", "\\text{ and }"),
          Map.entry("\\colon", ":"),
          Map.entry("\\middle", ""),
          Map.entry("\\cong", "\\approx"),
          Map.entry("\\doteq", "\\approx"),
          Map.entry("\\cr", "\\\\"));
  private static final Pattern NAME =
      Pattern.compile(
          "\\\\(?:smallsetminus|backslash|[lr]brack|[lr]paren|vert|lor|vee|land|wedge|colon|middle|cong|doteq|cr)(?![a-zA-Z])");

  private PlainTex() {}

  static String latex(String text) {
    String latex = text;
    if (latex.indexOf('\\') >= 0) {
      latex = LOOK.matcher(latex).replaceAll("");
      latex = NAME.matcher(latex).replaceAll(PlainTex::renamed);
      latex = MATRIX.matcher(latex).replaceAll("\\\\begin{$1}$2\\\\end{$1}");
      latex = aligned(latex);
    }
    latex = SIGN_IN_BRACES.matcher(latex).replaceAll("$1");
    latex = UNEQUAL.matcher(latex).replaceAll("\\\\ne ");
    latex = latex.replace("==", "=");
    latex = TIMES_TEN.matcher(latex).replaceAll("\\\\times ");
    latex = DIGITS_IN_BRACKETS.matcher(latex).replaceAll("$1_");
    latex = SUBSCRIPT.matcher(latex).replaceAll(found -> "_{" + base(found) + "}");
    latex = IN_BASE.matcher(latex).replaceAll(found -> "_{" + base(found) + "}");
    return LEADING_SIGN.matcher(latex).replaceFirst("");
  }

  private static String renamed(MatchResult found) {
    return NAMES.getOrDefault(found.group(), found.group()).replace("\\", "\\\\") + " ";
  }

  private static String base(MatchResult found) {
    String base = found.group(1);
    return BASES.getOrDefault(base.toLowerCase(Locale.ROOT), base);
  }

  /** Displays of several rows as lists. */
  private static String aligned(String text) {
    Matcher begin = ALIGNED.matcher(text);
    StringBuilder lists = new StringBuilder();
    int from = 0;
    while (begin.find(from)) {
      String environment = begin.group(1);
      int end = text.indexOf("\\end{" + environment, begin.end());
      int close = end < 0 ? -1 : text.indexOf('}', end);
      if (close < 0) {
        break;
      }
      lists.append(text, from, begin.start()).append(rows(text.substring(begin.end(), end)));
      from = close + 1;
    }
    return lists.append(text, from, text.length()).toString();
  }

  /** The rows of a display as a list; a row that begins with "=" continues the one before. */
  private static String rows(String content) {
    if (content.contains("\\begin")) {
      return content;
    }
    String joined = ROW_THAT_GOES_ON.matcher(content).replaceAll(" ");
    String list = ROW.matcher(joined).replaceAll("; ").replace('&', ' ').strip();
    return list.endsWith(";") ? list.substring(0, list.length() - 1) : list;
  }
}
