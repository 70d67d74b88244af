package malt.problem.math;

import java.util.List;
import java.util.stream.Collectors;

/** Writes a tree so that trees equal up to the order of sums and products print alike. */
final class Printer {
  private Printer() {}

  static String print(Node node) {
    if (node instanceof Node.Num n) {
      return n.value().toString();
    } else if (node instanceof Node.Name n) {
      return n.name();
    } else if (node instanceof Node.Words n) {
      return "\"" + n.text() + "\"";
    } else if (node instanceof Node.Sum n) {
      return sorted("+", n.terms());
    } else if (node instanceof Node.Product n) {
      return sorted("*", n.factors());
    } else if (node instanceof Node.Negation n) {
      return "-(" + print(n.operand()) + ")";
    } else if (node instanceof Node.Quotient n) {
      return all("/", List.of(n.dividend(), n.divisor()));
    } else if (node instanceof Node.Power n) {
      return all("^", List.of(n.base(), n.exponent()));
    } else if (node instanceof Node.Root n) {
      return all("root", List.of(n.degree(), n.radicand()));
    } else if (node instanceof Node.Call n) {
      return all(n.function(), n.arguments());
    } else if (node instanceof Node.PlusMinus n) {
      return all(n.upper() ? "\\pm" : "\\mp", List.of(n.left(), n.right()));
    } else if (node instanceof Node.Percent n) {
      return print(n.operand()) + "%";
    } else if (node instanceof Node.Quantity n) {
      return print(n.amount()) + " " + Units.canonical(n.unit());
    } else if (node instanceof Node.Bracketed n) {
      return all("tuple" + n.open() + n.close(), n.items());
    } else if (node instanceof Node.SetOf n) {
      return sorted("set", n.items());
    } else if (node instanceof Node.ListOf n) {
      return sorted("list", n.items());
    } else if (node instanceof Node.SetOperation n) {
      return n.operator().equals("\\setminus")
          ? all(n.operator(), n.operands())
          : sorted(n.operator(), n.operands());
    } else if (node instanceof Node.Matrix n) {
      return n.rows().stream().map(row -> all("row", row)).collect(Collectors.joining());
    } else if (node instanceof Node.Ratio n) {
      return all(":", n.parts());
    } else if (node instanceof Node.Relation n) {
      return all(String.join(" ", n.operators()), n.members());
    }
    throw new IllegalStateException("unknown node " + node.getClass());
  }

  private static String all(String name, List<Node> nodes) {
    return nodes.stream().map(Printer::print).collect(Collectors.joining(",", name + "(", ")"));
  }

  private static String sorted(String name, List<Node> nodes) {
    return nodes.stream()
        .map(Printer::print)
        .sorted()
        .collect(Collectors.joining(",", name + "(", ")"));
  }
}
