package malt.problem.math;

import ch.obermuhlner.math.big.BigDecimalMath;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Elementary functions of real numbers to a fixed number of digits, by big-math. Arguments and
 * results are limited to 10 to the power of plus or minus {@value #MAX_EXPONENT}, so that time and
 * memory are.
 */
final class Real {
  static final int MAX_EXPONENT = 4_000;
  private static final int GUARD = 14;

  final MathContext context;
  private final MathContext wide;
  final BigDecimal pi;

  Real(int digits) {
    this.context = new MathContext(digits, RoundingMode.HALF_EVEN);
    this.wide = new MathContext(digits + GUARD, RoundingMode.HALF_EVEN);
    this.pi = BigDecimalMath.pi(wide);
  }

  BigDecimal limited(BigDecimal x) throws UndefinedException {
    if (x.signum() != 0 && Math.abs((long) x.precision() - x.scale()) > MAX_EXPONENT) {
      throw new UndefinedException("out of range");
    }
    return x.round(context);
  }

  BigDecimal exp(BigDecimal x) throws UndefinedException {
    if (x.abs().compareTo(BigDecimal.valueOf(2.3 * MAX_EXPONENT)) > 0) {
      throw new UndefinedException("out of range");
    }
    return limited(BigDecimalMath.exp(x, wide));
  }

  /** Natural logarithm of a positive number. */
  BigDecimal log(BigDecimal x) throws UndefinedException {
    if (x.signum() <= 0) {
      throw new UndefinedException("logarithm of nothing");
    }
    return limited(BigDecimalMath.log(x, wide));
  }

  BigDecimal sqrt(BigDecimal x) {
    return x.sqrt(context);
  }

  BigDecimal sin(BigDecimal x) throws UndefinedException {
    return BigDecimalMath.sin(turned(x), wide).round(context);
  }

  BigDecimal cos(BigDecimal x) throws UndefinedException {
    return BigDecimalMath.cos(turned(x), wide).round(context);
  }

  private static BigDecimal turned(BigDecimal x) throws UndefinedException {
    if (x.abs().compareTo(BigDecimal.TEN.pow(GUARD - 4)) > 0) {
      throw new UndefinedException("too many turns");
    }
    return x;
  }

  /** The angle of the point (x, y), in (-pi, pi]; the origin has none. */
  BigDecimal angle(BigDecimal y, BigDecimal x) throws UndefinedException {
    if (x.signum() == 0 && y.signum() == 0) {
      throw new UndefinedException("angle of nothing");
    }
    return BigDecimalMath.atan2(y, x, wide).round(context);
  }
}
