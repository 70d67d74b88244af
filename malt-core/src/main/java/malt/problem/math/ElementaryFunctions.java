package malt.problem.math;

import java.math.BigDecimal;

/** Exponential, trigonometric and hyperbolic functions by name. */
final class ElementaryFunctions {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private ElementaryFunctions() {}

  static Complex apply(String function, Complex z, ComplexMath math) throws UndefinedException {
    return switch (function) {
      case "exp" -> math.exp(z);
      case "sin" -> math.sin(z);
      case "cos" -> math.cos(z);
      case "tan" -> math.divide(math.sin(z), math.cos(z));
      case "cot" -> math.divide(math.cos(z), math.sin(z));
      case "sec" -> math.divide(Complex.ONE, math.cos(z));
      case "csc" -> math.divide(Complex.ONE, math.sin(z));
      case "arcsin" -> math.arcsin(z);
      case "arccos" ->
          math.subtract(Complex.real(math.real.pi.divide(TWO, math.context())), math.arcsin(z));
      case "arctan" -> math.arctan(z);
      default -> hyperbolic(function, math.exp(z), math.exp(z.negate()), math);
    };
  }

  private static Complex hyperbolic(String function, Complex up, Complex down, ComplexMath math)
      throws UndefinedException {
    return switch (function) {
      case "sinh" -> math.divide(math.subtract(up, down), Complex.real(TWO));
      case "cosh" -> math.divide(math.add(up, down), Complex.real(TWO));
      default -> math.divide(math.subtract(up, down), math.add(up, down));
    };
  }
}
