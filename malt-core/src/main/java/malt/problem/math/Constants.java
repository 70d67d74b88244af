package malt.problem.math;

import java.util.List;

/** Tells trees without variables from others. */
final class Constants {
  private Constants() {}

  /** Whether the tree is an expression whose only names are pi, e and i. */
  static boolean isConstant(Node node) {
    if (node instanceof Node.Num) {
      return true;
    } else if (node instanceof Node.Name n) {
      return n.name().equals("\\pi") || n.name().equals("e") || n.name().equals("i");
    } else if (node instanceof Node.Sum n) {
      return all(n.terms());
    } else if (node instanceof Node.Product n) {
      return all(n.factors());
    } else if (node instanceof Node.Negation n) {
      return isConstant(n.operand());
    } else if (node instanceof Node.Quotient n) {
      return isConstant(n.dividend()) && isConstant(n.divisor());
    } else if (node instanceof Node.Power n) {
      return isConstant(n.base()) && isConstant(n.exponent());
    } else if (node instanceof Node.Root n) {
      return isConstant(n.degree()) && isConstant(n.radicand());
    } else if (node instanceof Node.Call n) {
      return all(n.arguments());
    } else if (node instanceof Node.PlusMinus n) {
      return isConstant(n.left()) && isConstant(n.right());
    } else if (node instanceof Node.Percent n) {
      return isConstant(n.operand());
    } else if (node instanceof Node.Quantity n) {
      return isConstant(n.amount());
    }
    return false;
  }

  private static boolean all(List<Node> nodes) {
    return nodes.stream().allMatch(Constants::isConstant);
  }
}
