package malt.problem.math;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads answers as sets of real numbers: intervals, unions, differences, inequalities over x and
 * |x|.
 */
final class Conditions {
  private static final int MAX_ITEMS = 20;

  private final ExpressionEquality expressions;
  private final Set<String> variables = new HashSet<>();

  private Conditions(ExpressionEquality expressions) {
    this.expressions = expressions;
  }

  /**
   * What an answer says as a set.
   *
   * @param variable what lies in it; empty where the answer names nothing
   */
  record Said(RealSet set, String variable) {}

  /** Empty where the answer is no set of real numbers, or speaks of several variables. */
  static Optional<Said> of(Node node, ExpressionEquality expressions) {
    Conditions conditions = new Conditions(expressions);
    return conditions
        .set(node)
        .filter(set -> conditions.variables.size() <= 1)
        .map(set -> new Said(set, String.join("", conditions.variables)));
  }

  /** Whether an answer is written as a condition or as an operation on sets. */
  static boolean isCondition(Node node) {
    if (node instanceof Node.ListOf list) {
      return list.items().stream().anyMatch(Conditions::isCondition);
    }
    if (node instanceof Node.Relation relation) {
      return relation.operators().stream().anyMatch(o -> !o.equals("=") && !o.equals("~"))
          || relation.members().stream().anyMatch(Conditions::isAbsolute);
    }
    return node instanceof Node.SetOperation
        || (node instanceof Node.Sum sum && isReals(sum.terms().get(0)));
  }

  private static boolean isAbsolute(Node node) {
    return node instanceof Node.Call call && call.function().equals("abs");
  }

  private static boolean isReals(Node node) {
    return node instanceof Node.Name name && name.name().equals("\\mathbbR");
  }

  private Optional<RealSet> set(Node node) {
    List<Node> readings = Answers.flat(node);
    if (readings.size() > 1) {
      return list(readings);
    }
    if (isReals(node)) {
      return Optional.of(RealSet.LINE);
    } else if (node instanceof Node.Name name) {
      return name.name().equals("\\emptyset") ? Optional.of(RealSet.EMPTY) : Optional.empty();
    } else if (node instanceof Node.Bracketed interval) {
      return interval(interval);
    } else if (node instanceof Node.SetOf points) {
      return points(points.items());
    } else if (node instanceof Node.SetOperation operation) {
      return operation(operation);
    } else if (node instanceof Node.Sum sum
        && sum.terms().size() == 2
        && isReals(sum.terms().get(0))) {
      return sum.terms().get(1) instanceof Node.Negation taken
          ? set(taken.operand()).map(RealSet.LINE::without)
          : Optional.empty();
    } else if (node instanceof Node.Relation relation) {
      return chain(relation);
    }
    return Optional.empty();
  }

  private Optional<RealSet> interval(Node.Bracketed interval) {
    if (interval.items().size() != 2) {
      return Optional.empty();
    }
    Optional<RealSet.Cut> low = cut(interval.items().get(0), interval.open() == '(');
    Optional<RealSet.Cut> high = cut(interval.items().get(1), interval.close() == ']');
    return low.isEmpty() || high.isEmpty()
        ? Optional.empty()
        : RealSet.between(low.get(), high.get());
  }

  private Optional<RealSet.Cut> cut(Node point, boolean after) {
    boolean negative = point instanceof Node.Negation;
    Node bare = point instanceof Node.Negation negation ? negation.operand() : point;
    if (bare instanceof Node.Name name && name.name().equals("\\infty")) {
      return Optional.of(RealSet.Cut.infinite(negative ? -1 : 1));
    }
    return real(point).map(value -> new RealSet.Cut(0, point, value, after));
  }

  private Optional<BigDecimal> real(Node node) {
    if (!Constants.isConstant(node)) {
      return Optional.empty();
    }
    return expressions
        .value(node, 1)
        .map(value -> Value.complex(value, ExpressionEquality.COARSE))
        .filter(Complex::isReal)
        .map(Complex::re);
  }

  private Optional<RealSet> points(List<Node> items) {
    return united(items, this::point);
  }

  private Optional<RealSet> point(Node node) {
    Optional<RealSet.Cut> before = cut(node, false);
    Optional<RealSet.Cut> after = cut(node, true);
    return before.isEmpty() || before.get().infinite() != 0
        ? Optional.empty()
        : RealSet.between(before.get(), after.get());
  }

  private interface Part {
    Optional<RealSet> of(Node node);
  }

  private static Optional<RealSet> united(List<Node> items, Part part) {
    RealSet all = RealSet.EMPTY;
    for (Node item : items) {
      Optional<RealSet> next = part.of(item);
      if (next.isEmpty() || items.size() > MAX_ITEMS) {
        return Optional.empty();
      }
      all = all.union(next.get());
    }
    return Optional.of(all);
  }

  private Optional<RealSet> operation(Node.SetOperation operation) {
    Optional<RealSet> all = set(operation.operands().get(0));
    for (Node operand : operation.operands().subList(1, operation.operands().size())) {
      Optional<RealSet> next = set(operand);
      if (all.isEmpty() || next.isEmpty() || operation.operands().size() > MAX_ITEMS) {
        return Optional.empty();
      }
      RealSet set = all.get();
      all =
          Optional.of(
              switch (operation.operator()) {
                case "\\cup" -> set.union(next.get());
                case "\\cap" -> set.intersection(next.get());
                default -> set.without(next.get());
              });
    }
    return all;
  }

  /**
   * Conditions side by side: exceptions hold together with the others; these are alternatives
   * unless that leaves nothing out.
   */
  private Optional<RealSet> list(List<Node> items) {
    if (items.size() > MAX_ITEMS) {
      return Optional.empty();
    }
    List<RealSet> sets = new ArrayList<>();
    RealSet exceptions = RealSet.LINE;
    for (Node item : items) {
      boolean constant = real(item).isPresent();
      Optional<RealSet> next =
          constant || item instanceof Node.Relation
              ? constant ? point(item) : set(item)
              : Optional.empty();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      if (item instanceof Node.Relation one
          && (one.operators().contains("!=") || one.operators().contains("in"))) {
        exceptions = exceptions.intersection(next.get());
      } else {
        sets.add(next.get());
      }
    }
    RealSet any = sets.stream().reduce(RealSet::union).orElse(RealSet.LINE);
    RealSet all = sets.stream().reduce(RealSet::intersection).orElse(RealSet.LINE);
    return Optional.of((any.equals(RealSet.LINE) ? all : any).intersection(exceptions));
  }

  private Optional<RealSet> chain(Node.Relation relation) {
    List<String> operators = relation.operators();
    List<Node> members = relation.members();
    if (operators.equals(List.of("in"))) {
      variables.add(Printer.print(members.get(0)));
      return set(members.get(1));
    }
    RealSet all = RealSet.LINE;
    for (int i = 0; i < operators.size(); i++) {
      Optional<RealSet> next = step(members.get(i), operators.get(i), members.get(i + 1));
      if (next.isEmpty()) {
        return Optional.empty();
      }
      all = all.intersection(next.get());
    }
    return Optional.of(all);
  }

  private Optional<RealSet> step(Node left, String operator, Node right) {
    boolean constant = cut(left, false).isPresent();
    if (constant == cut(right, false).isPresent()) {
      return Optional.empty();
    }
    return constant ? condition(right, mirrored(operator), left) : condition(left, operator, right);
  }

  static String mirrored(String operator) {
    return operator.startsWith("<")
        ? ">" + operator.substring(1)
        : operator.startsWith(">") ? "<" + operator.substring(1) : operator;
  }

  /** Where {@code expression operator bound} holds. */
  private Optional<RealSet> condition(Node expression, String operator, Node bound) {
    if (expression instanceof Node.Call call && call.function().equals("abs")) {
      return absolute(call.arguments().get(0), operator, bound);
    }
    Optional<Linear> linear = Linear.of(expression, expressions);
    if (linear.isEmpty()) {
      return Optional.empty();
    }
    variables.add(linear.get().variable());
    Node point = linear.get().solve(bound);
    return halves(linear.get().slope().signum() > 0 ? operator : mirrored(operator), point);
  }

  private Optional<RealSet> halves(String operator, Node point) {
    Optional<RealSet.Cut> before = cut(point, false);
    Optional<RealSet.Cut> after = cut(point, true);
    if (before.isEmpty()) {
      return Optional.empty();
    }
    RealSet.Cut low = RealSet.Cut.infinite(-1);
    RealSet.Cut high = RealSet.Cut.infinite(1);
    return switch (operator) {
      case "<" -> RealSet.between(low, before.get());
      case "<=" -> RealSet.between(low, after.get());
      case ">" -> RealSet.between(after.get(), high);
      case ">=" -> RealSet.between(before.get(), high);
      case "=" -> point(point);
      case "!=" -> point(point).map(RealSet.LINE::without);
      default -> Optional.empty();
    };
  }

  private Optional<RealSet> absolute(Node inside, String operator, Node bound) {
    Node negative = new Node.Negation(bound);
    if (real(bound).filter(value -> value.signum() > 0).isEmpty()) {
      return Optional.empty();
    }
    Optional<RealSet> upper = condition(inside, operator, bound);
    Optional<RealSet> lower = condition(inside, mirrored(operator), negative);
    if (upper.isEmpty() || lower.isEmpty()) {
      return Optional.empty();
    }
    boolean within = operator.startsWith("<") || operator.equals("!=");
    return Optional.of(
        within ? upper.get().intersection(lower.get()) : upper.get().union(lower.get()));
  }
}
