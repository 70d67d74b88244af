package malt.problem.math;

import java.math.BigDecimal;

/** A complex number; its digits are those of the {@link ComplexMath} that made it. */
record Complex(BigDecimal re, BigDecimal im) {
  static final Complex ZERO = real(BigDecimal.ZERO);
  static final Complex ONE = real(BigDecimal.ONE);
  static final Complex I = new Complex(BigDecimal.ZERO, BigDecimal.ONE);

  static Complex real(BigDecimal re) {
    return new Complex(re, BigDecimal.ZERO);
  }

  boolean isReal() {
    return im.signum() == 0;
  }

  boolean isZero() {
    return re.signum() == 0 && im.signum() == 0;
  }

  Complex negate() {
    return new Complex(re.negate(), im.negate());
  }

  /** The larger of the two parts' sizes. */
  BigDecimal size() {
    return re.abs().max(im.abs());
  }
}
