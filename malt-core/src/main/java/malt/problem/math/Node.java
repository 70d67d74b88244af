package malt.problem.math;

import java.util.List;
import malt.problem.Rational;

/** A parsed answer. */
sealed interface Node {
  /**
   * A number as written.
   *
   * @param significant significant digits of a decimal; 0 for an integer, which is exact
   */
  record Num(Rational value, int significant) implements Node {}

  /** A variable, a constant or a word; "\pi" and "x_{1}" are names. */
  record Name(String name) implements Node {}

  /** Words that are an answer of their own ("odd"). */
  record Words(String text) implements Node {}

  record Sum(List<Node> terms) implements Node {}

  record Product(List<Node> factors) implements Node {}

  record Negation(Node operand) implements Node {}

  record Quotient(Node dividend, Node divisor) implements Node {}

  record Power(Node base, Node exponent) implements Node {}

  record Root(Node degree, Node radicand) implements Node {}

  /** A function applied: sin, log, abs, floor, or one that is not known ("f"). */
  record Call(String function, List<Node> arguments) implements Node {}

  /** {@code left ± right}; {@code upper} is the sign of the first reading. */
  record PlusMinus(Node left, boolean upper, Node right) implements Node {}

  record Percent(Node operand) implements Node {}

  /** A constant with its unit. */
  record Quantity(Node amount, String unit) implements Node {}

  /** A tuple or an interval; which of them, the question knows. */
  record Bracketed(char open, char close, List<Node> items) implements Node {}

  record SetOf(List<Node> items) implements Node {}

  /** Several answers, without brackets. */
  record ListOf(List<Node> items) implements Node {}

  /** A union, an intersection or a difference of sets. */
  record SetOperation(String operator, List<Node> operands) implements Node {}

  record Matrix(List<List<Node>> rows) implements Node {}

  record Ratio(List<Node> parts) implements Node {}

  /** A chain: {@code members[0] operators[0] members[1] ...}. */
  record Relation(List<Node> members, List<String> operators) implements Node {}
}
