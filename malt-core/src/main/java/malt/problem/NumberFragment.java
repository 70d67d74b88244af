package malt.problem;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import malt.problem.math.ExactNumber;

/**
 * A piece of a text that holds digits, up to the next word or comma: signs, currency, thousands
 * separators, decimals, fractions, mixed numbers, powers, and multiplier words ("2.5 million").
 *
 * @param text as written, without units and ornament
 * @param value empty where it is not one exact number: {@code 3x + 2}, {@code 3\pi}, "7-9"
 */
record NumberFragment(String text, Optional<Rational> value) {
  static final int MAX_DIGITS = 300;

  private static final int FLAGS = Pattern.CASE_INSENSITIVE;
  private static final Map<String, String> MULTIPLIERS =
      Map.of(
          "dozen", "12",
          "hundred", "100",
          "thousand", "1000",
          "million", "1000000",
          "billion", "1000000000",
          "trillion", "1000000000000");
  private static final String MULTIPLIER = "(?:dozen|hundred|thousand|million|billion|trillion)";
  private static final Pattern SCALED =
      Pattern.compile("(.*?[\\d.)}])[\\s-]*(" + MULTIPLIER + ")s?", FLAGS);
  private static final Pattern TYPE =
      Pattern.compile(
          "\\\\(?:boxed|fbox|text(?:bf|it|rm|sf|normal|tt)?|mbox|mathrm|mathbf|mathit|bf|operatorname) ?\\{([^{}]*)}");
  private static final Pattern THOUSANDS =
      Pattern.compile(
          "(?<![\\d.,^])(?!0)\\d{1,3}(?:(?:,|\\{,}|,?\\\\[,!;: ]|,\\\\!|[ ~\u00a0\u202f\u2009'])\\d{3}(?!\\d))++(?!,?\\d)");
  private static final Pattern UNIT =
      Pattern.compile(
          "(?<=[\\d)}])(?:\\s*(?:cm|mm|km|kg|mg|ml|lbs?|oz|ft|in|yds?|mi|hrs?|mins?|secs?|mph|kph|[ap]\\.?m\\b\\.?|st|nd|rd|th)|\\s+(?:[mghslL]|\u00b0?[CF]))"
              + "(?![\\p{L}\\d])(?:\\s*\\^\\s*\\{?[23]}?)?",
          Pattern.CASE_INSENSITIVE);

  /** "2:00" is 2. */
  private static final Pattern HOUR = Pattern.compile("(?<=(?<![\\d:])\\d{1,2}):00(?![\\d:])");

  private static final Pattern THOUSAND = Pattern.compile("(?<=\\d)k(?![\\p{L}\\d])", FLAGS);
  private static final Pattern AND_PART =
      Pattern.compile(
          "(?<=\\d) and (?:(?:a|one)[ -](half|quarter|third)|three[ -](quarters))\\b", FLAGS);
  private static final Pattern SEPARATOR =
      Pattern.compile(
          "(?<![\\\\\\p{L}])(?!(?:"
              + MULTIPLIER
              + "s?|pi|sqrt|exp|log|ln|sin|cos|tan|mod)(?!\\p{L}))\\p{L}{2,}(?:['\u2019.-]\\p{L}+)*+\\.?(?:\\s*\\^\\s*\\{?[23]})?"
              + "|(?<![\\\\\\p{L}\\d^_{(*/+=-])\\b[aAI]\\b(?=\\s)|[,;:&\\n\u2014\u3001]");
  private static final Pattern DECIMAL = Pattern.compile("[-+]? ?(?:\\d++(?:\\.\\d*+)?|\\.\\d++)");
  private static final Pattern RANGE = Pattern.compile("\\d[\\d.]*\\s*-\\s*\\d[\\d.]*");
  private static final Pattern EDGES =
      Pattern.compile("^[\\s.,:?'\"\u2019*_]+|[\\s.,:?'\"\u2019*_/~-]+$|!{2,}$");

  /** The pieces of a text that hold digits, in order. */
  static List<NumberFragment> all(String text) {
    List<NumberFragment> all = new ArrayList<>();
    for (String piece : SEPARATOR.split(plain(text), -1)) {
      String trimmed = balanced(EDGES.matcher(piece).replaceAll(""));
      if (trimmed.chars().anyMatch(Character::isDigit)) {
        all.add(new NumberFragment(trimmed, valueOf(trimmed)));
      }
    }
    return all;
  }

  private static Optional<Rational> valueOf(String text) {
    if (text.length() > MAX_DIGITS) {
      return Optional.empty();
    }
    String side = side(text);
    Matcher scaled = SCALED.matcher(side);
    if (scaled.matches()) {
      Rational factor =
          Rational.of(
              new BigDecimal(
                  MULTIPLIERS.getOrDefault(scaled.group(2).toLowerCase(Locale.ROOT), "1")));
      return valueOf(scaled.group(1)).map(factor::times);
    }
    if (DECIMAL.matcher(side).matches()) {
      return Optional.of(Rational.of(new BigDecimal(side.replace(" ", ""))));
    }
    return RANGE.matcher(side).matches() ? Optional.empty() : ExactNumber.of(side);
  }

  /** What stands behind the last equals sign; before it if there is no digit behind it. */
  private static String side(String text) {
    int equals = text.lastIndexOf('=');
    String behind = text.substring(equals + 1).strip();
    return equals < 0 || behind.chars().anyMatch(Character::isDigit)
        ? behind
        : side(text.substring(0, Math.max(0, equals)).strip());
  }

  /** One spelling: no type, currency, percent signs, separators of thousands, units or Markdown. */
  private static String plain(String text) {
    String plain = text;
    for (int depth = 0; depth < 4 && plain.indexOf('\\') >= 0; depth++) {
      plain = TYPE.matcher(plain).replaceAll(" $1 ");
    }
    plain = HOUR.matcher(signs(plain)).replaceAll("");
    plain =
        plain.replaceAll(
            "\\b[A-Z]{1,3}(?=\\\\?\\$)|\\\\?[$\u20ac\u00a3\u00a5\u20b9]|\\\\[()\\[\\]]", "");
    plain = plain.replaceAll("\\\\?%|\\^ ?\\{?\\\\circ ?}?|\\\\degrees?|\u00b0", "");
    plain = plain.replaceAll("(?<!\\d)\\*\\*|\\*\\*(?!\\d)|__|[`\"\u201c\u201d]", " ");
    plain = THOUSANDS.matcher(plain).replaceAll(found -> found.group().replaceAll("\\D", ""));
    plain =
        plain.replaceAll(
            "\\\\(?:[,;:! ]|q?quad(?![a-z])|left(?![a-z])|right(?![a-z])|displaystyle)|[~\u00a0\u202f\u2009]",
            " ");
    plain = plain.replaceAll("(?i)\\b(?:minus|negative) +(?=\\d)", "-");
    plain = plain.replaceAll("(?<=\\d) ?[x\u00d7] ?(?=\\d)", "*").replace("\u00f7", "/");
    plain = AND_PART.matcher(plain).replaceAll(NumberFragment::part);
    plain = THOUSAND.matcher(plain).replaceAll(" thousand");
    return UNIT.matcher(plain).replaceAll(" ; ");
  }

  private static String part(MatchResult found) {
    String name = found.group(1) == null ? "" : found.group(1);
    return name.startsWith("h")
        ? " 1/2"
        : name.startsWith("q") ? " 1/4" : name.startsWith("t") ? " 1/3" : " 3/4";
  }

  private static String signs(String text) {
    return text.replace('\u2212', '-')
        .replace('\u2013', '-')
        .replace("\u00bd", " 1/2")
        .replace("\u00bc", " 1/4")
        .replace("\u00be", " 3/4")
        .replace("\u2153", " 1/3")
        .replace("\u2154", " 2/3");
  }

  /** Without brackets that are opened or closed elsewhere. */
  private static String balanced(String piece) {
    String text = piece.strip();
    while (!text.isEmpty()) {
      long open = text.chars().filter(c -> c == '(' || c == '{' || c == '[').count();
      long closed = text.chars().filter(c -> c == ')' || c == '}' || c == ']').count();
      char first = text.charAt(0);
      char last = text.charAt(text.length() - 1);
      if (closed > open && ")}]".indexOf(last) >= 0) {
        text = text.substring(0, text.length() - 1).strip();
      } else if ((closed > open && ")}]".indexOf(first) >= 0)
          || (open > closed && "({[".indexOf(first) >= 0)) {
        text = text.substring(1).strip();
      } else if (open > closed && "({[".indexOf(last) >= 0) {
        text = text.substring(0, text.length() - 1).strip();
      } else {
        return text;
      }
    }
    return text;
  }
}
