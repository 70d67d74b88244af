package malt.problem.math;

import java.util.List;
import java.util.Optional;
import malt.problem.Rational;

/** {@code slope * variable + offset} with rational numbers. */
record Linear(String variable, Rational slope, Rational offset) {
  static Optional<Linear> of(Node node, ExpressionEquality expressions) {
    Optional<Linear> linear = read(node, expressions);
    return linear.filter(one -> one.slope().signum() != 0);
  }

  private static Optional<Linear> read(Node node, ExpressionEquality expressions) {
    if (Constants.isConstant(node)) {
      return expressions
          .value(node, 1)
          .flatMap(
              value ->
                  value instanceof Value.Exact exact
                      ? Optional.of(new Linear("", Rational.ZERO, exact.value()))
                      : Optional.empty());
    } else if (node instanceof Node.Name name) {
      return Optional.of(new Linear(name.name(), Rational.ONE, Rational.ZERO));
    } else if (node instanceof Node.Negation negation) {
      return read(negation.operand(), expressions).map(one -> one.times(Rational.of(-1)));
    } else if (node instanceof Node.Sum sum) {
      return sum.terms().stream()
          .map(term -> read(term, expressions))
          .reduce((a, b) -> a.flatMap(x -> b.flatMap(x::plus)))
          .orElse(Optional.empty());
    } else if (node instanceof Node.Product product) {
      return product.factors().stream()
          .map(factor -> read(factor, expressions))
          .reduce((a, b) -> a.flatMap(x -> b.flatMap(x::by)))
          .orElse(Optional.empty());
    } else if (node instanceof Node.Quotient quotient) {
      return read(quotient.dividend(), expressions)
          .flatMap(x -> read(quotient.divisor(), expressions).flatMap(x::over));
    }
    return Optional.empty();
  }

  private Linear times(Rational factor) {
    return new Linear(variable, slope.times(factor), offset.times(factor));
  }

  private Optional<Linear> plus(Linear other) {
    boolean one = variable.isEmpty() || other.variable.isEmpty() || variable.equals(other.variable);
    return one
        ? Optional.of(
            new Linear(
                variable.isEmpty() ? other.variable : variable,
                slope.plus(other.slope),
                offset.plus(other.offset)))
        : Optional.empty();
  }

  private Optional<Linear> by(Linear other) {
    if (variable.isEmpty()) {
      return Optional.of(other.times(offset));
    }
    return other.variable.isEmpty() ? Optional.of(times(other.offset)) : Optional.empty();
  }

  private Optional<Linear> over(Linear other) {
    return other.variable.isEmpty() && other.offset.signum() != 0
        ? Optional.of(times(Rational.ONE.over(other.offset)))
        : Optional.empty();
  }

  /** Where the expression has a value. */
  Node solve(Node value) {
    if (slope.equals(Rational.ONE) && offset.signum() == 0) {
      return value;
    }
    return new Node.Quotient(
        new Node.Sum(List.of(value, new Node.Num(offset.negate(), 0))), new Node.Num(slope, 0));
  }
}
