package malt.problem.math;

import java.math.BigDecimal;
import malt.problem.Rational;

/** Digits as exact numbers. */
final class Numerals {
  private static final int MAX_DIGITS = 1_000;

  private Numerals() {}

  /** A NUMBER token; "0.1(6" is 0.1666... */
  static Node number(String digits) throws UnreadableException {
    if (digits.length() > MAX_DIGITS) {
      throw new UnreadableException("too many digits");
    }
    int repetend = digits.indexOf('(');
    if (repetend >= 0) {
      return repeating(digits.substring(0, repetend), digits.substring(repetend + 1));
    }
    BigDecimal value = new BigDecimal(digits);
    int significant = digits.contains(".") ? Math.max(1, value.precision()) : 0;
    return new Node.Num(Rational.of(value), significant);
  }

  private static Node repeating(String head, String repetend) {
    String plain = head.endsWith(".") ? head + "0" : head;
    int places = head.length() - head.indexOf('.') - 1;
    BigDecimal nines = BigDecimal.TEN.pow(repetend.length()).subtract(BigDecimal.ONE);
    Rational tail =
        Rational.of(new BigDecimal(repetend))
            .over(Rational.of(nines.multiply(BigDecimal.TEN.pow(places))));
    return new Node.Num(Rational.of(new BigDecimal(plain)).plus(tail), 0);
  }
}
