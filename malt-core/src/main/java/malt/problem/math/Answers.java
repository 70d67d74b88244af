package malt.problem.math;

import java.util.ArrayList;
import java.util.List;

/** Brings answers into the forms that are compared: lists flat, signs chosen, labels set aside. */
final class Answers {
  private static final int MAX_SIGNS = 4;

  private Answers() {}

  /** The answers of a list, a plus-minus as its two readings. */
  static List<Node> flat(Node node) {
    List<Node> items = new ArrayList<>();
    List<Node> parts = node instanceof Node.ListOf list ? list.items() : List.of(node);
    for (Node part : parts) {
      if (part instanceof Node.ListOf inner) {
        items.addAll(flat(inner));
      } else {
        items.addAll(readings(part));
      }
    }
    return items;
  }

  private static List<Node> readings(Node node) {
    int signs = count(node);
    if (signs == 0 || signs > MAX_SIGNS) {
      return List.of(node);
    }
    return List.of(choose(node, true), choose(node, false));
  }

  private static int count(Node node) {
    int inside = 0;
    for (Node child : children(node)) {
      inside += count(child);
    }
    return inside + (node instanceof Node.PlusMinus ? 1 : 0);
  }

  private static List<Node> children(Node node) {
    if (node instanceof Node.PlusMinus n) {
      return List.of(n.left(), n.right());
    } else if (node instanceof Node.Sum n) {
      return n.terms();
    } else if (node instanceof Node.Product n) {
      return n.factors();
    } else if (node instanceof Node.Quotient n) {
      return List.of(n.dividend(), n.divisor());
    } else if (node instanceof Node.Negation n) {
      return List.of(n.operand());
    } else if (node instanceof Node.Bracketed n) {
      return n.items();
    } else if (node instanceof Node.Relation n) {
      return n.members();
    }
    return List.of();
  }

  private static Node choose(Node node, boolean upper) {
    if (node instanceof Node.PlusMinus n) {
      Node right = choose(n.right(), upper);
      Node left = choose(n.left(), upper);
      return new Node.Sum(List.of(left, n.upper() == upper ? right : new Node.Negation(right)));
    } else if (node instanceof Node.Sum n) {
      return new Node.Sum(choose(n.terms(), upper));
    } else if (node instanceof Node.Product n) {
      return new Node.Product(choose(n.factors(), upper));
    } else if (node instanceof Node.Quotient n) {
      return new Node.Quotient(choose(n.dividend(), upper), choose(n.divisor(), upper));
    } else if (node instanceof Node.Negation n) {
      return new Node.Negation(choose(n.operand(), upper));
    } else if (node instanceof Node.Bracketed n) {
      return new Node.Bracketed(n.open(), n.close(), choose(n.items(), upper));
    } else if (node instanceof Node.Relation n) {
      return new Node.Relation(choose(n.members(), upper), n.operators());
    }
    return node;
  }

  private static List<Node> choose(List<Node> nodes, boolean upper) {
    return nodes.stream().map(node -> choose(node, upper)).toList();
  }

  /** An answer with the label it was given: "x = 5" is 5 labelled x. */
  record Labelled(String label, Node answer) {}

  /** Splits "x = 5", "5 = x", "x = 2 + 3 = 5", "x \in S"; anything else has an empty label. */
  static Labelled labelled(Node node) {
    if (!(node instanceof Node.Relation relation)) {
      return new Labelled("", node);
    }
    List<Node> members = relation.members();
    List<String> operators = relation.operators();
    if (operators.size() == 1 && operators.get(0).equals("in")) {
      return new Labelled(Printer.print(members.get(0)), members.get(1));
    }
    Node first = members.get(0);
    Node last = members.get(members.size() - 1);
    if (!operators.stream().allMatch("="::equals)) {
      return new Labelled("", new Node.Relation(members, operators));
    }
    if (isLabel(first) && !mentions(last, first)) {
      return new Labelled(label(first), last);
    }
    if (isLabel(last) && members.size() == 2 && Constants.isConstant(first)) {
      return new Labelled(label(last), first);
    }
    return Constants.isConstant(first) && Constants.isConstant(last)
        ? new Labelled("", last)
        : new Labelled("", new Node.Relation(members, operators));
  }

  /** What "a = b \approx c" says: a = b, or a = c; anything else is its own only reading. */
  static List<Node> approximations(Node node) {
    if (!(node instanceof Node.Relation relation) || !relation.operators().contains("~")) {
      return List.of(node);
    }
    List<Node> members = relation.members();
    List<String> operators = relation.operators();
    int at = operators.indexOf("~");
    Node rounded = members.get(members.size() - 1);
    if (at == 0 && isLabel(members.get(0))) {
      return List.of(new Node.Relation(List.of(members.get(0), rounded), List.of("=")));
    }
    Node exact =
        at == 0
            ? members.get(0)
            : new Node.Relation(members.subList(0, at + 1), operators.subList(0, at));
    Node other =
        at > 0 && isLabel(members.get(0))
            ? new Node.Relation(List.of(members.get(0), rounded), List.of("="))
            : rounded;
    return List.of(exact, other);
  }

  /** "(x, y) = (1, 2)" as "x = 1, y = 2"; anything else as it is. */
  static Node spread(Node node) {
    if (node instanceof Node.Relation relation
        && relation.operators().equals(List.of("="))
        && relation.members().get(0) instanceof Node.Bracketed names
        && relation.members().get(1) instanceof Node.Bracketed values
        && isLabel(names)
        && names.items().size() == values.items().size()
        && names.items().size() > 1) {
      List<Node> equations = new ArrayList<>();
      for (int i = 0; i < names.items().size(); i++) {
        equations.add(
            new Node.Relation(List.of(names.items().get(i), values.items().get(i)), List.of("=")));
      }
      return new Node.ListOf(equations);
    }
    return node;
  }

  private static String label(Node node) {
    return node instanceof Node.Call call ? call.function() : Printer.print(node);
  }

  /** Whether a node only names what is asked for: x, f(x), (x, y), AB, A:B. */
  private static boolean isLabel(Node node) {
    if (node instanceof Node.Name) {
      return !Constants.isConstant(node);
    } else if (node instanceof Node.Words) {
      return true;
    } else if (node instanceof Node.Call call) {
      return call.function().length() == 1 && Character.isLetter(call.function().charAt(0));
    } else if (node instanceof Node.Bracketed tuple) {
      return tuple.items().stream().allMatch(Answers::isLabel);
    } else if (node instanceof Node.Ratio ratio) {
      return ratio.parts().stream().allMatch(Answers::isLabel);
    }
    return false;
  }

  private static boolean mentions(Node answer, Node label) {
    return label instanceof Node.Name name && uses(answer, name.name());
  }

  private static boolean uses(Node node, String wanted) {
    if (node instanceof Node.Name name) {
      return name.name().equals(wanted);
    } else if (node instanceof Node.Power power) {
      return uses(power.base(), wanted) || uses(power.exponent(), wanted);
    } else if (node instanceof Node.Root root) {
      return uses(root.radicand(), wanted);
    } else if (node instanceof Node.Call call) {
      return call.arguments().stream().anyMatch(argument -> uses(argument, wanted));
    }
    return children(node).stream().anyMatch(child -> uses(child, wanted));
  }
}
