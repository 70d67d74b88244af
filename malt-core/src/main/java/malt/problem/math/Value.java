package malt.problem.math;

import java.math.BigDecimal;
import malt.problem.Rational;

/** What an expression evaluates to: exact where only rationals are involved. */
sealed interface Value {
  record Exact(Rational value) implements Value {}

  record Approximate(Complex value) implements Value {}

  static Complex complex(Value value, ComplexMath math) {
    if (value instanceof Approximate approximate) {
      return approximate.value();
    }
    Rational exact = ((Exact) value).value();
    return Complex.real(
        new BigDecimal(exact.numerator())
            .divide(new BigDecimal(exact.denominator()), math.context()));
  }
}
