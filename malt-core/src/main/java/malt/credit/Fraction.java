package malt.credit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Collection;

/**
 * An exact value in lowest terms: a mean of thirds that is one half compares as one half, which a
 * sum of doubles does not promise.
 */
public record Fraction(BigInteger numerator, BigInteger denominator) {
  public static final Fraction ZERO = of(0, 1);
  public static final Fraction ONE = of(1, 1);

  public Fraction {
    if (denominator.signum() <= 0) {
      throw new IllegalArgumentException("denominator must be positive: " + denominator);
    }
    BigInteger divisor = numerator.gcd(denominator);
    numerator = numerator.divide(divisor);
    denominator = denominator.divide(divisor);
  }

  public static Fraction of(long numerator, long denominator) {
    return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
  }

  /** The mean of one or more values. */
  public static Fraction mean(Collection<Fraction> values) {
    Fraction sum = values.stream().reduce(ZERO, Fraction::plus);
    return new Fraction(sum.numerator, sum.denominator.multiply(BigInteger.valueOf(values.size())));
  }

  private Fraction plus(Fraction other) {
    return new Fraction(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  /** The nearest double. */
  public double doubleValue() {
    return new BigDecimal(numerator)
        .divide(new BigDecimal(denominator), new MathContext(60))
        .doubleValue();
  }

  @Override
  public String toString() {
    return denominator.equals(BigInteger.ONE)
        ? numerator.toString()
        : numerator + "/" + denominator;
  }
}
