package malt.problem.math;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import malt.problem.Rational;

/**
 * Mathematical equality of two parsed answers. What is not known to be equal is different.
 *
 * <p>Comparisons of expressions are counted; after {@value #MAX_COMPARISONS} all else is different.
 */
final class AnswerEquality {
  private static final int MAX_COMPARISONS = 300;
  private static final int MAX_ITEMS = 60;

  private final ExpressionEquality expressions = new ExpressionEquality();
  private int comparisons;

  /** Whether the two say the same. */
  static boolean equal(Node reference, Node answer) {
    return new AnswerEquality().same(reference, answer);
  }

  private boolean same(Node a, Node b) {
    if (++comparisons > MAX_COMPARISONS) {
      return false;
    }
    if (Printer.print(a).equals(Printer.print(b))) {
      return true;
    }
    List<Node> left = Answers.approximations(a);
    List<Node> right = Answers.approximations(b);
    if (!left.equals(List.of(a)) || !right.equals(List.of(b))) {
      return left.stream().anyMatch(x -> right.stream().anyMatch(y -> same(x, y)));
    }
    return sameConditions(a, b).orElseGet(() -> sameForms(a, b));
  }

  private boolean sameForms(Node a, Node b) {
    if (isSeveral(a) || isSeveral(b)) {
      return sameLists(a, b);
    }
    if (a instanceof Node.Relation || b instanceof Node.Relation) {
      return new RelationEquality(this::same, expressions).equal(a, b);
    }
    return sameSingle(a, b);
  }

  /** As sets of real numbers, where one is written as a condition and both can be read so. */
  private Optional<Boolean> sameConditions(Node a, Node b) {
    if (!Conditions.isCondition(a) && !Conditions.isCondition(b)) {
      return Optional.empty();
    }
    Optional<Conditions.Said> left = Conditions.of(a, expressions);
    Optional<Conditions.Said> right = Conditions.of(b, expressions);
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    String x = left.get().variable();
    String y = right.get().variable();
    boolean oneVariable = x.isEmpty() || y.isEmpty() || x.equals(y);
    return Optional.of(oneVariable && left.get().set().isSame(right.get().set(), expressions));
  }

  /** A list or a plus-minus. */
  private static boolean isSeveral(Node node) {
    return node instanceof Node.ListOf || Answers.flat(node).size() > 1;
  }

  private boolean sameLists(Node a, Node b) {
    if (a instanceof Node.Bracketed tuple && isRound(tuple)) {
      return sameInOrder(tuple.items(), inOrderOfNames(b));
    }
    if (b instanceof Node.Bracketed tuple && isRound(tuple)) {
      return sameLists(b, a);
    }
    List<Answers.Labelled> left = labelled(Answers.spread(a));
    List<Answers.Labelled> right = labelled(Answers.spread(b));
    boolean leftNamed = isNamed(left);
    boolean rightNamed = isNamed(right);
    if (leftNamed != rightNamed) {
      return sameInOrder(answers(left), answers(right));
    }
    if (!leftNamed) {
      return sameInAnyOrder(answers(left), answers(right));
    }
    return left.size() == right.size()
        && left.stream()
            .allMatch(
                x ->
                    right.stream()
                        .anyMatch(
                            y -> x.label().equals(y.label()) && same(x.answer(), y.answer())));
  }

  /** The items of a list; "y = 4, x = 3" in the order of x and y, as a tuple has them. */
  private static List<Node> inOrderOfNames(Node list) {
    List<Node> items = Answers.flat(list);
    List<Answers.Labelled> named =
        labelled(Answers.spread(list)).stream()
            .sorted(Comparator.comparing(Answers.Labelled::label))
            .toList();
    for (int i = 0; i < named.size(); i++) {
      String name = named.get(i).label();
      boolean follows = i == 0 || name.charAt(0) == named.get(i - 1).label().charAt(0) + 1;
      if (name.length() != 1 || !follows) {
        return items;
      }
    }
    return answers(named);
  }

  private static boolean isRound(Node.Bracketed tuple) {
    return tuple.open() == '(' && tuple.close() == ')' && Answers.flat(tuple).size() == 1;
  }

  /** The items; a set is its elements, and "n = 1, 2, 3" labels all three. */
  private static List<Answers.Labelled> labelled(Node node) {
    Answers.Labelled whole = Answers.labelled(node);
    Node inner = whole.answer();
    List<Node> items =
        inner instanceof Node.SetOf set
            ? Answers.flat(new Node.ListOf(set.items()))
            : Answers.flat(inner);
    return items.stream().map(Answers::labelled).toList();
  }

  private static List<Node> answers(List<Answers.Labelled> items) {
    return items.stream().map(Answers.Labelled::answer).toList();
  }

  /** Whether the items answer for different names, as in "x = 1, y = 2". */
  private static boolean isNamed(List<Answers.Labelled> items) {
    long labels =
        items.stream().map(Answers.Labelled::label).filter(l -> !l.isEmpty()).distinct().count();
    return labels > 1;
  }

  private boolean sameInOrder(List<Node> a, List<Node> b) {
    if (a.size() != b.size() || a.size() > MAX_ITEMS) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!same(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean sameInAnyOrder(List<Node> all, List<Node> others) {
    List<Node> a = withoutRepeatedPoints(all);
    List<Node> b = withoutRepeatedPoints(others);
    if (a.size() != b.size() || a.size() > MAX_ITEMS) {
      return false;
    }
    List<Node> left = new ArrayList<>(b);
    for (Node item : a) {
      Optional<Node> match = left.stream().filter(other -> same(item, other)).findFirst();
      if (match.isEmpty()) {
        return false;
      }
      left.remove(match.get());
    }
    return true;
  }

  /** A point named twice is one point; a number named twice may be a double root. */
  private static List<Node> withoutRepeatedPoints(List<Node> items) {
    Set<String> points = new HashSet<>();
    return items.stream()
        .filter(item -> !(item instanceof Node.Bracketed) || points.add(Printer.print(item)))
        .toList();
  }

  private boolean sameSingle(Node a, Node b) {
    if (a instanceof Node.Words x && b instanceof Node.Words y) {
      return words(x.text()).equals(words(y.text()));
    }
    if (a instanceof Node.Words || b instanceof Node.Words) {
      return false;
    }
    if (a instanceof Node.SetOf x && b instanceof Node.SetOf y) {
      return sameLists(new Node.ListOf(x.items()), new Node.ListOf(y.items()));
    }
    if (a instanceof Node.SetOf set && !(b instanceof Node.SetOperation)) {
      return set.items().size() == 1 && isScalar(b) && same(set.items().get(0), b);
    }
    if (b instanceof Node.SetOf && !(a instanceof Node.SetOperation)) {
      return sameSingle(b, a);
    }
    if (a instanceof Node.Bracketed x && b instanceof Node.Bracketed y) {
      return x.open() == y.open() && x.close() == y.close() && sameInOrder(x.items(), y.items());
    }
    if (a instanceof Node.SetOperation x && b instanceof Node.SetOperation y) {
      return x.operator().equals(y.operator())
          && (x.operator().equals("\\setminus")
              ? sameInOrder(x.operands(), y.operands())
              : sameInAnyOrder(x.operands(), y.operands()));
    }
    if (a instanceof Node.Ratio x && b instanceof Node.Ratio y) {
      return sameRatio(x, y);
    }
    Optional<Node.Matrix> matrix = Matrices.of(a);
    if (matrix.isPresent()) {
      return Matrices.of(b).filter(other -> sameMatrix(matrix.get(), other)).isPresent();
    }
    return isScalar(a) && isScalar(b) && sameScalar(a, b);
  }

  private static boolean isScalar(Node node) {
    return !(node instanceof Node.SetOf
        || node instanceof Node.Bracketed
        || node instanceof Node.SetOperation
        || node instanceof Node.Ratio
        || node instanceof Node.Matrix
        || node instanceof Node.Relation
        || node instanceof Node.ListOf);
  }

  private static String words(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
  }

  private boolean sameMatrix(Node.Matrix a, Node.Matrix b) {
    if (!Matrices.sameShape(a, b)) {
      return false;
    }
    for (int i = 0; i < a.rows().size(); i++) {
      if (!sameInOrder(a.rows().get(i), b.rows().get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Proportional parts; "1:30" may be a time and is then compared as written. */
  private boolean sameRatio(Node.Ratio a, Node.Ratio b) {
    if (a.parts().size() != b.parts().size()) {
      return false;
    }
    if (sameInOrder(a.parts(), b.parts())) {
      return true;
    }
    Node first = a.parts().get(0);
    Node other = b.parts().get(0);
    for (int i = 1; i < a.parts().size(); i++) {
      Node left = new Node.Product(List.of(first, b.parts().get(i)));
      Node right = new Node.Product(List.of(other, a.parts().get(i)));
      if (isTime(a.parts().get(i)) || isTime(b.parts().get(i)) || !same(left, right)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isTime(Node minutes) {
    return minutes instanceof Node.Num n
        && (n.value().signum() == 0
            || (n.value().compareTo(Rational.of(10)) >= 0
                && n.value().compareTo(Rational.of(60)) < 0));
  }

  /** Numbers and expressions; a percent sign may stand for 1/100 or for nothing. */
  private boolean sameScalar(Node a, Node b) {
    if (a instanceof Node.Quantity x && b instanceof Node.Quantity y) {
      String unit = Units.canonical(x.unit());
      String other = Units.canonical(y.unit());
      return (unit.equals(other) || unit.isEmpty() || other.isEmpty())
          && sameScalar(x.amount(), y.amount());
    }
    if (a instanceof Node.Quantity x) {
      return sameScalar(x.amount(), b);
    }
    if (b instanceof Node.Quantity y) {
      return sameScalar(a, y.amount());
    }
    if (a instanceof Node.Percent x && b instanceof Node.Percent y) {
      return expressions.equal(x.operand(), y.operand());
    }
    if (a instanceof Node.Percent x) {
      return expressions.equal(x.operand(), b) || expressions.equal(a, b);
    }
    if (b instanceof Node.Percent y) {
      return expressions.equal(a, y.operand()) || expressions.equal(a, b);
    }
    return expressions.equal(a, b);
  }
}
