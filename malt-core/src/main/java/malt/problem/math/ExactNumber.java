package malt.problem.math;

import java.util.Optional;
import malt.problem.Rational;

/** The exact value of an expression that is one rational number. */
public final class ExactNumber {
  private ExactNumber() {}

  /** Empty where the expression cannot be read, holds a variable, or is not rational. */
  public static Optional<Rational> of(String expression) {
    return MathEquality.parse(LatexText.normalize(expression))
        .map(node -> Answers.labelled(node).answer())
        .map(ExactNumber::amount)
        .filter(Constants::isConstant)
        .flatMap(node -> new ExpressionEquality().value(node, 1))
        .flatMap(
            value ->
                value instanceof Value.Exact exact ? Optional.of(exact.value()) : Optional.empty());
  }

  private static Node amount(Node node) {
    if (node instanceof Node.Quantity quantity) {
      return amount(quantity.amount());
    }
    return node instanceof Node.Percent percent ? amount(percent.operand()) : node;
  }
}
