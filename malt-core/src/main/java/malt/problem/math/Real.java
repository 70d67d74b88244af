package malt.problem.math;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Elementary functions of real numbers to a fixed number of digits: Taylor series after argument
 * reduction, Newton's method for inverses. Arguments and results are limited to 10 to the power of
 * plus or minus {@value #MAX_EXPONENT}, so that time and memory are.
 */
final class Real {
  static final int MAX_EXPONENT = 4_000;
  private static final int GUARD = 14;
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  final MathContext context;
  private final MathContext wide;
  final BigDecimal pi;
  private final BigDecimal ln10;

  Real(int digits) {
    this.context = new MathContext(digits, RoundingMode.HALF_EVEN);
    this.wide = new MathContext(digits + GUARD, RoundingMode.HALF_EVEN);
    this.pi = machin();
    this.ln10 = newtonLog(BigDecimal.TEN);
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
    return limited(wideExp(x));
  }

  private BigDecimal wideExp(BigDecimal x) {
    int halvings =
        Math.max(0, (int) Math.ceil(Math.log(x.abs().doubleValue() + 1) / Math.log(2))) + 8;
    BigDecimal small = x.divide(TWO.pow(halvings), wide);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    BigDecimal least = BigDecimal.ONE.scaleByPowerOfTen(-wide.getPrecision());
    for (int n = 1; term.abs().compareTo(least) > 0; n++) {
      term = term.multiply(small, wide).divide(BigDecimal.valueOf(n), wide);
      sum = sum.add(term, wide);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, wide);
    }
    return sum;
  }

  /** Natural logarithm of a positive number. */
  BigDecimal log(BigDecimal x) throws UndefinedException {
    if (x.signum() <= 0) {
      throw new UndefinedException("logarithm of nothing");
    }
    int exponent = x.precision() - x.scale() - 1;
    BigDecimal mantissa = x.scaleByPowerOfTen(-exponent);
    return limited(newtonLog(mantissa).add(ln10.multiply(BigDecimal.valueOf(exponent)), wide));
  }

  private BigDecimal newtonLog(BigDecimal x) {
    BigDecimal y = BigDecimal.valueOf(Math.log(x.doubleValue()));
    for (int correct = 15; correct < wide.getPrecision(); correct *= 3) {
      BigDecimal e = wideExp(y);
      BigDecimal step = x.subtract(e).divide(x.add(e), wide);
      y = y.add(TWO.multiply(step), wide);
    }
    return y;
  }

  BigDecimal sqrt(BigDecimal x) {
    return x.sqrt(context);
  }

  /** Sine and cosine. */
  BigDecimal[] sinCos(BigDecimal x) throws UndefinedException {
    if (x.abs().compareTo(BigDecimal.TEN.pow(GUARD - 4)) > 0) {
      throw new UndefinedException("too many turns");
    }
    BigDecimal half = pi.divide(TWO, wide);
    BigInteger turns = x.divide(half, wide).setScale(0, RoundingMode.HALF_EVEN).toBigInteger();
    BigDecimal rest = x.subtract(half.multiply(new BigDecimal(turns)), wide);
    BigDecimal[] sums = {rest, BigDecimal.ONE};
    BigDecimal least = BigDecimal.ONE.scaleByPowerOfTen(-wide.getPrecision());
    BigDecimal term = rest;
    for (int n = 2; term.abs().compareTo(least) > 0; n++) {
      term = term.multiply(rest, wide).divide(BigDecimal.valueOf(n), wide);
      int which = n % 2 == 0 ? 1 : 0;
      sums[which] = n % 4 < 2 ? sums[which].add(term, wide) : sums[which].subtract(term, wide);
    }
    BigDecimal sin = sums[0].round(context);
    BigDecimal cos = sums[1].round(context);
    return switch (turns.mod(BigInteger.valueOf(4)).intValue()) {
      case 0 -> new BigDecimal[] {sin, cos};
      case 1 -> new BigDecimal[] {cos, sin.negate()};
      case 2 -> new BigDecimal[] {sin.negate(), cos.negate()};
      default -> new BigDecimal[] {cos.negate(), sin};
    };
  }

  /** The angle of the point (x, y), in (-pi, pi]; the origin has none. */
  BigDecimal angle(BigDecimal y, BigDecimal x) throws UndefinedException {
    if (y.signum() == 0) {
      if (x.signum() == 0) {
        throw new UndefinedException("angle of nothing");
      }
      return x.signum() > 0 ? BigDecimal.ZERO : pi.round(context);
    }
    BigDecimal length = x.multiply(x).add(y.multiply(y)).sqrt(wide);
    BigDecimal cos = x.divide(length, wide);
    BigDecimal sin = y.divide(length, wide);
    BigDecimal angle = BigDecimal.valueOf(Math.atan2(sin.doubleValue(), cos.doubleValue()));
    for (int correct = 15; correct < context.getPrecision(); correct *= 3) {
      BigDecimal[] now = sinCos(angle);
      BigDecimal miss = sin.multiply(now[1]).subtract(cos.multiply(now[0]), wide);
      BigDecimal cubic = miss.pow(3, wide).divide(BigDecimal.valueOf(6), wide);
      angle = angle.add(miss, wide).add(cubic, wide);
    }
    return angle.round(context);
  }

  /** Machin: pi = 16 atan(1/5) - 4 atan(1/239). */
  private BigDecimal machin() {
    return BigDecimal.valueOf(16)
        .multiply(inverseTangent(5))
        .subtract(BigDecimal.valueOf(4).multiply(inverseTangent(239)), wide);
  }

  private BigDecimal inverseTangent(int inverse) {
    BigDecimal square = BigDecimal.valueOf((long) inverse * inverse);
    BigDecimal term = BigDecimal.ONE.divide(BigDecimal.valueOf(inverse), wide);
    BigDecimal sum = term;
    BigDecimal least = BigDecimal.ONE.scaleByPowerOfTen(-wide.getPrecision() - 2);
    for (int n = 1; term.compareTo(least) > 0; n++) {
      term = term.divide(square, wide);
      BigDecimal share = term.divide(BigDecimal.valueOf(2L * n + 1), wide);
      sum = n % 2 == 0 ? sum.add(share, wide) : sum.subtract(share, wide);
    }
    return sum;
  }
}
