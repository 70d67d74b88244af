package malt.problem;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds numbers as people and models write them: signs, currency, thousands separators ({@code
 * 1,234}, {@code 1{,}234}, {@code 1\,234}), decimals, leading zeros, fractions ({@code 3/4}, {@code
 * \frac{3}{4}}), mixed numbers ({@code 1 1/2}) and small powers of ten ({@code 1.5e3}). Time is
 * linear in the text; a run of more than {@value #MAX_DIGITS} digits is not a number.
 */
final class NumberScanner {
  static final int MAX_DIGITS = 300;

  private static final String SIGN = "[-+\u2212\u2013]";
  private static final String SEPARATOR = "(?:,|\\{,}|\\\\,|\\\\!|\u00a0|\u202f|\u2009){1,3}+";
  private static final String DIGITS =
      "(?:\\d{1,3}(?:" + SEPARATOR + "\\d{3}(?!\\d))++|\\d++)(?:\\.\\d++)?+|\\.\\d++";
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<sign>(?<![\\w)\\]}.])"
              + SIGN
              + " ?)?+"
              + "(?:\\\\?[$\u20ac\u00a3\u00a5] ?(?<inner>"
              + SIGN
              + ")?+)?+"
              + "(?:\\\\[dt]?frac ?\\{(?<top>-?\\d++)} ?\\{(?<bottom>\\d++)}"
              + "|(?<![\\p{L}\\d_])(?<digits>"
              + DIGITS
              + ")(?:[eE](?<exponent>[-+]?\\d{1,2})(?![\\w.])|(?: (?<over>\\d++))?+ ?/ ?(?<under>\\d++)(?![\\d,.]\\d))?+)");
  private static final Pattern NOT_DIGITS = Pattern.compile("[^\\d.]");

  /** A number and the text it was read from. */
  record Found(Rational value, String text) {}

  private NumberScanner() {}

  /** The first number in the text. */
  static Optional<Found> first(String text) {
    Matcher matcher = NUMBER.matcher(withoutVulgarFractions(text));
    while (matcher.find()) {
      Optional<Found> found = read(matcher);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The last number in the text. */
  static Optional<Found> last(String text) {
    Matcher matcher = NUMBER.matcher(withoutVulgarFractions(text));
    Optional<Found> last = Optional.empty();
    while (matcher.find()) {
      Optional<Found> found = read(matcher);
      if (found.isPresent()) {
        last = found;
      }
    }
    return last;
  }

  /** "2\u00bd" as "2 1/2". */
  private static String withoutVulgarFractions(String text) {
    return text.replace("\u00bd", " 1/2")
        .replace("\u00bc", " 1/4")
        .replace("\u00be", " 3/4")
        .replace("\u2153", " 1/3")
        .replace("\u2154", " 2/3");
  }

  private static Optional<Found> read(Matcher matcher) {
    if (matcher.end() - matcher.start() > MAX_DIGITS) {
      return Optional.empty();
    }
    Optional<Rational> magnitude =
        matcher.group("top") == null
            ? decimal(matcher)
            : ratio(matcher.group("top"), matcher.group("bottom"));
    boolean negative = minus(matcher.group("sign")) != minus(matcher.group("inner"));
    return magnitude.map(
        value -> new Found(negative ? value.negate() : value, matcher.group().strip()));
  }

  private static Optional<Rational> decimal(Matcher matcher) {
    BigDecimal digits = new BigDecimal(NOT_DIGITS.matcher(matcher.group("digits")).replaceAll(""));
    String exponent = matcher.group("exponent");
    String under = matcher.group("under");
    if (exponent != null) {
      return Optional.of(Rational.of(digits.scaleByPowerOfTen(Integer.parseInt(exponent))));
    }
    Rational whole = Rational.of(digits);
    if (under == null) {
      return Optional.of(whole);
    }
    String over = matcher.group("over");
    return over == null
        ? ratio(Rational.ONE.toString(), under).map(whole::times)
        : ratio(over, under).map(whole::plus);
  }

  private static Optional<Rational> ratio(String top, String bottom) {
    Rational under = Rational.of(new BigDecimal(bottom));
    return under.signum() == 0
        ? Optional.empty()
        : Optional.of(Rational.of(new BigDecimal(top)).over(under));
  }

  private static boolean minus(@Nullable String sign) {
    return sign != null && !sign.startsWith("+");
  }
}
