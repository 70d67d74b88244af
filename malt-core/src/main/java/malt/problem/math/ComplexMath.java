package malt.problem.math;

import java.math.BigDecimal;
import java.math.MathContext;

/** Arithmetic and elementary functions of complex numbers (principal values). */
final class ComplexMath {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  final Real real;
  private final MathContext context;

  ComplexMath(int digits) {
    this.real = new Real(digits);
    this.context = real.context;
  }

  MathContext context() {
    return context;
  }

  Complex add(Complex a, Complex b) {
    return new Complex(a.re().add(b.re(), context), a.im().add(b.im(), context));
  }

  Complex subtract(Complex a, Complex b) {
    return add(a, b.negate());
  }

  Complex multiply(Complex a, Complex b) throws UndefinedException {
    if (a.isReal() && b.isReal()) {
      return limited(a.re().multiply(b.re(), context), BigDecimal.ZERO);
    }
    return limited(
        a.re().multiply(b.re()).subtract(a.im().multiply(b.im()), context),
        a.re().multiply(b.im()).add(a.im().multiply(b.re()), context));
  }

  Complex divide(Complex a, Complex b) throws UndefinedException {
    if (b.isZero()) {
      throw new UndefinedException("division by zero");
    }
    if (b.isReal()) {
      return limited(a.re().divide(b.re(), context), a.im().divide(b.re(), context));
    }
    BigDecimal norm = b.re().multiply(b.re()).add(b.im().multiply(b.im()), context);
    Complex top = multiply(a, new Complex(b.re(), b.im().negate()));
    return limited(top.re().divide(norm, context), top.im().divide(norm, context));
  }

  private Complex limited(BigDecimal re, BigDecimal im) throws UndefinedException {
    return new Complex(real.limited(re), real.limited(im));
  }

  BigDecimal abs(Complex z) {
    return z.isReal()
        ? z.re().abs()
        : real.sqrt(z.re().multiply(z.re()).add(z.im().multiply(z.im()), context));
  }

  Complex sqrt(Complex z) throws UndefinedException {
    if (z.isReal()) {
      BigDecimal root = real.sqrt(z.re().abs());
      return z.re().signum() >= 0 ? Complex.real(root) : new Complex(BigDecimal.ZERO, root);
    }
    return power(z, Complex.real(new BigDecimal("0.5")));
  }

  Complex exp(Complex z) throws UndefinedException {
    BigDecimal size = real.exp(z.re());
    if (z.isReal()) {
      return Complex.real(size);
    }
    return limited(
        size.multiply(real.cos(z.im()), context), size.multiply(real.sin(z.im()), context));
  }

  Complex log(Complex z) throws UndefinedException {
    if (z.isReal() && z.re().signum() > 0) {
      return Complex.real(real.log(z.re()));
    }
    return new Complex(real.log(abs(z)), real.angle(z.im(), z.re()));
  }

  Complex power(Complex base, Complex exponent) throws UndefinedException {
    if (base.isZero()) {
      if (exponent.isReal() && exponent.re().signum() > 0) {
        return Complex.ZERO;
      }
      throw new UndefinedException("a power of zero");
    }
    return exp(multiply(exponent, log(base)));
  }

  Complex sin(Complex z) throws UndefinedException {
    if (z.isReal()) {
      return Complex.real(real.sin(z.re()));
    }
    Complex turned = exp(multiply(Complex.I, z));
    Complex back = exp(multiply(Complex.I, z).negate());
    return divide(subtract(turned, back), new Complex(BigDecimal.ZERO, TWO));
  }

  Complex cos(Complex z) throws UndefinedException {
    if (z.isReal()) {
      return Complex.real(real.cos(z.re()));
    }
    Complex turned = exp(multiply(Complex.I, z));
    Complex back = exp(multiply(Complex.I, z).negate());
    return divide(add(turned, back), Complex.real(TWO));
  }

  /** atan z = (log(1 + iz) - log(1 - iz)) / 2i; real arguments directly. */
  Complex arctan(Complex z) throws UndefinedException {
    if (z.isReal()) {
      return Complex.real(real.angle(z.re(), BigDecimal.ONE));
    }
    Complex turned = multiply(Complex.I, z);
    Complex difference =
        subtract(log(add(Complex.ONE, turned)), log(subtract(Complex.ONE, turned)));
    return divide(difference, new Complex(BigDecimal.ZERO, TWO));
  }

  /** asin x for real x in [-1, 1]. */
  Complex arcsin(Complex z) throws UndefinedException {
    BigDecimal rest = BigDecimal.ONE.subtract(z.re().multiply(z.re()), context);
    if (!z.isReal() || rest.signum() < 0) {
      throw new UndefinedException("an arc sine outside the reals");
    }
    return Complex.real(real.angle(z.re(), real.sqrt(rest)));
  }
}
