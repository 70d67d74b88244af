package malt.problem.math;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes one spelling of what LaTeX and plain text can write in many. */
final class LatexText {
  private static final Map<Character, String> UNICODE =
      Map.ofEntries(
          Map.entry('\u2212', "-"),
          Map.entry('\u2013', "-"),
          Map.entry('\u00d7', "\\times "),
          Map.entry('\u00f7', "/"),
          Map.entry('\u00b7', "\\cdot "),
          Map.entry('\u22c5', "\\cdot "),
          Map.entry('\u221a', "\\sqrt "),
          Map.entry('\u03c0', "\\pi "),
          Map.entry('\u221e', "\\infty "),
          Map.entry('\u2264', "\\le "),
          Map.entry('\u2265', "\\ge "),
          Map.entry('\u2260', "\\ne "),
          Map.entry('\u2248', "\\approx "),
          Map.entry('\u222a', "\\cup "),
          Map.entry('\u2229', "\\cap "),
          Map.entry('\u2208', "\\in "),
          Map.entry('\u00b1', "\\pm "),
          Map.entry('\u00b0', "^\\circ "),
          Map.entry('\u00bd', "\\frac12 "),
          Map.entry('\u00bc', "\\frac14 "),
          Map.entry('\u00be', "\\frac34 "),
          Map.entry('\u2018', "'"),
          Map.entry('\u2019', "'"),
          Map.entry('\u2223', "|"),
          Map.entry('\u2032', "'"),
          Map.entry('\u2044', "/"),
          Map.entry('\u2215', "/"),
          Map.entry('\u2216', "\\setminus "),
          Map.entry('\u2205', "\\emptyset "),
          Map.entry('\u211d', "\\mathbb{R}"),
          Map.entry('\u2a7d', "\\le "),
          Map.entry('\u2a7e', "\\ge "),
          Map.entry('\u2009', " "),
          Map.entry('\u00a0', " "),
          Map.entry('\u202f', " "));

  private static final List<String> GREEK =
      List.of(
          ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron"
                  + " pi rho sigma sigma tau upsilon phi chi psi omega")
              .split(" ", -1));
  private static final Pattern RAISED =
      Pattern.compile("[\u2070\u00b9\u00b2\u00b3\u2074-\u2079\u207b\u207f]+");
  private static final Pattern LOWERED = Pattern.compile("[\u2080-\u2089]+");

  private static final Pattern DOUBLED = Pattern.compile("\\\\\\\\(?=[a-zA-Z{}$%,!;])");
  private static final Pattern DOUBLED_BEGIN = Pattern.compile("\\\\\\\\begin");

  /** A row of a matrix whose double backslash was halved on the way. */
  private static final Pattern LOST_ROW = Pattern.compile("\\\\(?=[\\d\\s-])");

  private static final Pattern MONEY =
      Pattern.compile("\\\\\\$|[\u20ac\u00a3\u00a5]|\\\\pounds\\b");
  private static final Pattern DEGREES =
      Pattern.compile("\\^ ?\\{? ?\\\\circ(?![a-zA-Z]) ?}?|\\\\degrees?(?![a-zA-Z])");
  private static final Pattern DELIMITERS =
      Pattern.compile(
          "\\$|\\\\(?:[\\[\\]()]|(?:left|right|[bB]igg?[lrm]?|displaystyle|textstyle|limits|nonumber)(?![a-zA-Z])"
              + "[.]?)");
  private static final Pattern THOUSANDS =
      Pattern.compile(
          "(?<=\\d)(?:,\\\\[!,;: ]| ?\\{ ?, ?} ?(?:\\\\!)?|\\\\[!,;: ],?|\\\\thinspace ?|~)(?=\\d{3}(?!\\d))");
  private static final Pattern SPACES =
      Pattern.compile(
          "(?<!\\\\)\\\\(?:[,;:!> ]|(?:q?quad|thinspace|enspace|allowbreak)(?=\\\\|\\W|[a-z](?![a-z])|$))|[~\\s]");
  private static final Pattern SPACED_THOUSANDS =
      Pattern.compile("(?<![\\d.,^_{/])(?<![\\d.,] )(?!0)\\d{1,3}(?: \\d{3}(?!\\d))++(?! ?\\d)");
  private static final Pattern RUNS = Pattern.compile(" {2,}");
  private static final Pattern FRACTIONS =
      Pattern.compile("\\\\(?:[dtcs]frac|nicefrac)(?![a-zA-Z])");
  private static final Pattern CONNECTIVE =
      Pattern.compile("(?<=[\\d)}\\]]) ?(?:or|and) ?(?=[A-Z(\\d\\\\\\[{-])");
  private static final Pattern INSIGNIFICANT = Pattern.compile("(?<!\\d) +| +(?!\\d)");
  private static final Pattern WRAPPED_WORD =
      Pattern.compile("\\\\(?:text(?:bf|it|rm|normal)?|mbox|mathrm|mathbf)\\{([^{}]*)}");

  private LatexText() {}

  /** The text with one spelling for each construct, ready for the {@link Lexer}. */
  static String normalize(String answer) {
    String text = ascii(answer);
    if (!text.contains("\\begin") || DOUBLED_BEGIN.matcher(text).find()) {
      text = DOUBLED.matcher(text).replaceAll("\\\\");
    }
    if (text.contains("\\begin") && !text.contains("\\\\")) {
      text = LOST_ROW.matcher(text).replaceAll("\\\\\\\\");
    }
    text = PlainTex.latex(text);
    text = MONEY.matcher(text).replaceAll("");
    text = DEGREES.matcher(text).replaceAll("");
    text = DELIMITERS.matcher(text).replaceAll("");
    text = THOUSANDS.matcher(text).replaceAll("");
    text = SPACES.matcher(text).replaceAll(" ");
    text = FRACTIONS.matcher(text).replaceAll("\\\\frac");
    text = text.replace("**", "^").replace("\\lbrace", "\\{").replace("\\rbrace", "\\}");
    text = RUNS.matcher(text).replaceAll(" ").strip();
    text = SPACED_THOUSANDS.matcher(text).replaceAll(found -> found.group().replace(" ", ""));
    text = CONNECTIVE.matcher(text).replaceAll("; ");
    while (text.endsWith(".") || text.endsWith(",") || text.endsWith(";") || text.endsWith(":")) {
      text = text.substring(0, text.length() - 1).strip();
    }
    return SetNotation.plain(text);
  }

  private static String ascii(String answer) {
    StringBuilder ascii = new StringBuilder(answer.length());
    for (int i = 0; i < answer.length(); i++) {
      char c = answer.charAt(i);
      String other = c < 128 ? null : UNICODE.get(c);
      if (other != null) {
        ascii.append(other);
      } else if (c >= '\u03b1' && c <= '\u03c9') {
        ascii.append('\\').append(GREEK.get(c - '\u03b1')).append(' ');
      } else {
        ascii.append(c);
      }
    }
    String raised = RAISED.matcher(ascii).replaceAll(found -> "^{" + digits(found.group()) + "}");
    return LOWERED.matcher(raised).replaceAll(found -> "_{" + digits(found.group()) + "}");
  }

  /** Raised and lowered digits on the line. */
  private static String digits(String small) {
    return Normalizer.normalize(small, Normalizer.Form.NFKC).replace('\u2212', '-');
  }

  /** A key that is equal for texts which differ only in spacing and upright or bold type. */
  static String key(String normalized) {
    String unwrapped = WRAPPED_WORD.matcher(normalized).replaceAll("$1");
    String key = INSIGNIFICANT.matcher(unwrapped).replaceAll("");
    return isPlainWords(key) || key.equalsIgnoreCase("no") ? key.toLowerCase(Locale.ROOT) : key;
  }

  private static boolean isPlainWords(String key) {
    return key.length() > 2 && key.chars().allMatch(c -> Character.isLetter(c) || c == '-');
  }
}
