package malt.problem.math;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Equality where one or both answers are equations or inequalities. */
final class RelationEquality {
  private final BiPredicate<Node, Node> same;
  private final ExpressionEquality expressions;

  RelationEquality(BiPredicate<Node, Node> same, ExpressionEquality expressions) {
    this.same = same;
    this.expressions = expressions;
  }

  boolean equal(Node a, Node b) {
    Answers.Labelled left = Answers.labelled(a);
    Answers.Labelled right = Answers.labelled(b);
    boolean bothLabelled = !left.label().isEmpty() && !right.label().isEmpty();
    if (!(left.answer() instanceof Node.Relation) && !(right.answer() instanceof Node.Relation)) {
      boolean sameLabels = !bothLabelled || left.label().equals(right.label());
      return (sameLabels && same.test(left.answer(), right.answer()))
          || (a instanceof Node.Relation x && b instanceof Node.Relation y && sameChain(x, y));
    }
    if (a instanceof Node.Relation x && b instanceof Node.Relation y) {
      return sameChain(x, y) || sameInterval(x, y);
    }
    Optional<Node> interval =
        interval(a instanceof Node.Relation x ? x : (Node.Relation) b).map(Interval::set);
    Node set = a instanceof Node.Relation ? b : a;
    return interval.filter(found -> same.test(found, set)).isPresent();
  }

  /** Two relations of one operator: proportional differences. */
  private boolean sameChain(Node.Relation a, Node.Relation b) {
    if (a.operators().size() != 1 || b.operators().size() != 1) {
      return false;
    }
    String x = a.operators().get(0);
    String y = b.operators().get(0);
    ExpressionEquality.Proportion proportion = expressions.proportion(difference(a), difference(b));
    return switch (proportion) {
          case NONE -> false;
          case POSITIVE -> x.equals(y);
          case NEGATIVE -> x.equals(Conditions.mirrored(y));
        }
        && (isOrder(x) || x.equals("=") || x.equals("!="));
  }

  private static boolean isOrder(String operator) {
    return operator.startsWith("<") || operator.startsWith(">");
  }

  private static Node difference(Node.Relation relation) {
    return new Node.Sum(
        List.of(relation.members().get(0), new Node.Negation(relation.members().get(1))));
  }

  private boolean sameInterval(Node.Relation a, Node.Relation b) {
    Optional<Interval> left = interval(a);
    Optional<Interval> right = interval(b);
    return left.isPresent()
        && right.isPresent()
        && same.test(left.get().of(), right.get().of())
        && same.test(left.get().set(), right.get().set());
  }

  /** An interval and what lies in it. */
  private record Interval(Node of, Node set) {}

  /** Reads "a < x <= b", in either direction; the ends may be letters. */
  private static Optional<Interval> interval(Node.Relation relation) {
    List<Node> members = new ArrayList<>(relation.members());
    List<String> operators = new ArrayList<>(relation.operators());
    if (operators.stream().allMatch(operator -> operator.startsWith(">"))) {
      Collections.reverse(members);
      Collections.reverse(operators);
      operators.replaceAll(Conditions::mirrored);
    }
    if (operators.size() != 2 || !operators.stream().allMatch(o -> o.startsWith("<"))) {
      return Optional.empty();
    }
    char open = operators.get(0).equals("<=") ? '[' : '(';
    char close = operators.get(1).equals("<=") ? ']' : ')';
    List<Node> ends = List.of(members.get(0), members.get(2));
    return Optional.of(new Interval(members.get(1), new Node.Bracketed(open, close, ends)));
  }
}
