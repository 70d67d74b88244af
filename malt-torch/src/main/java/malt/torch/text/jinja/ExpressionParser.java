package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions, by precedence: if, or, and, not, comparison, sum, ~, product, unary, and
 * then literals and names with what may follow them: attributes, calls, filters and tests.
 */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final TokenReader tokens;

  ExpressionParser(TokenReader tokens) {
    this.tokens = tokens;
  }

  /** An expression; several with commas between them make a tuple. */
  Expression tuple() {
    Expression first = expression();
    if (!tokens.peek().isOperator(",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.takeOperator(",")) {
      if (endsTuple(tokens.peek())) {
        break;
      }
      items.add(expression());
    }
    return scope -> new Tuple(items.stream().map(item -> item.evaluate(scope)).toList());
  }

  private static boolean endsTuple(Token token) {
    return token.isOperator(")")
        || token.kind() == Token.Kind.BLOCK_END
        || token.kind() == Token.Kind.VARIABLE_END;
  }

  Expression expression() {
    tokens.enter();
    Expression result = or();
    while (tokens.takeName("if")) {
      Expression yes = result;
      Expression condition = or();
      @Nullable Expression no = tokens.takeName("else") ? expression() : null;
      result =
          scope -> {
            if (Values.isTrue(condition.evaluate(scope))) {
              return yes.evaluate(scope);
            }
            return no == null ? new Undefined("inline if without else") : no.evaluate(scope);
          };
    }
    tokens.leave();
    return result;
  }

  /** An expression that leaves a following {@code if} to the for statement around it. */
  Expression iterable() {
    Expression first = or();
    if (tokens.peek().isOperator(",")) {
      throw new TemplateException(
          "a tuple without parentheses after 'in' is not supported", tokens.peek().line());
    }
    return first;
  }

  private Expression or() {
    Expression result = and();
    while (tokens.takeName("or")) {
      Expression left = result;
      Expression right = and();
      result =
          scope -> {
            Object value = left.evaluate(scope);
            return Values.isTrue(value) ? value : right.evaluate(scope);
          };
    }
    return result;
  }

  private Expression and() {
    Expression result = not();
    while (tokens.takeName("and")) {
      Expression left = result;
      Expression right = not();
      result =
          scope -> {
            Object value = left.evaluate(scope);
            return Values.isTrue(value) ? right.evaluate(scope) : value;
          };
    }
    return result;
  }

  private Expression not() {
    if (!tokens.takeName("not")) {
      return comparison();
    }
    tokens.enter();
    Expression operand = not();
    tokens.leave();
    return scope -> !Values.isTrue(operand.evaluate(scope));
  }

  private Expression comparison() {
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>(List.of(first));
    for (String operator = comparisonOperator();
        operator != null;
        operator = comparisonOperator()) {
      operators.add(operator);
      operands.add(sum());
    }
    return operators.isEmpty()
        ? first
        : scope -> {
          Object left = first.evaluate(scope);
          for (int i = 0; i < operators.size(); i++) {
            Object right = operands.get(i + 1).evaluate(scope);
            if (!Operators.compare(operators.get(i), left, right)) {
              return false;
            }
            left = right;
          }
          return true;
        };
  }

  private @Nullable String comparisonOperator() {
    Token token = tokens.peek();
    if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
      return tokens.take().text();
    }
    if (token.isName("in")) {
      return tokens.take().text();
    }
    if (token.isName("not") && tokens.peekSecond().isName("in")) {
      tokens.take();
      tokens.take();
      return "not in";
    }
    return null;
  }

  private Expression sum() {
    Expression result = concatenation();
    while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
      String operator = tokens.take().text();
      Expression left = result;
      Expression right = concatenation();
      result = scope -> Operators.apply(operator, left.evaluate(scope), right.evaluate(scope));
    }
    return result;
  }

  private Expression concatenation() {
    Expression result = product();
    while (tokens.takeOperator("~")) {
      Expression left = result;
      Expression right = product();
      result = scope -> Values.toText(left.evaluate(scope)) + Values.toText(right.evaluate(scope));
    }
    return result;
  }

  private Expression product() {
    Expression result = unary();
    while (tokens.peek().kind() == Token.Kind.OPERATOR
        && List.of("*", "/", "//", "%").contains(tokens.peek().text())) {
      String operator = tokens.take().text();
      Expression left = result;
      Expression right = unary();
      result = scope -> Operators.apply(operator, left.evaluate(scope), right.evaluate(scope));
    }
    return result;
  }

  private Expression unary() {
    Expression operand = signed();
    if (tokens.peek().isOperator("**")) {
      throw new TemplateException("the operator ** is not supported", tokens.peek().line());
    }
    return filters(operand);
  }

  private Expression signed() {
    if (!tokens.peek().isOperator("-") && !tokens.peek().isOperator("+")) {
      return postfix();
    }
    boolean negative = tokens.take().isOperator("-");
    tokens.enter();
    Expression operand = signed();
    tokens.leave();
    return scope -> Operators.sign(negative, operand.evaluate(scope));
  }

  /** A literal or name with its attributes, subscripts and calls. */
  private Expression postfix() {
    Expression result = primary();
    while (true) {
      if (tokens.takeOperator(".")) {
        result = attribute(result);
      } else if (tokens.takeOperator("[")) {
        result = subscript(result);
      } else if (tokens.peek().isOperator("(")) {
        result = call(result);
      } else {
        return result;
      }
    }
  }

  /** Filters and tests after an operand. */
  private Expression filters(Expression operand) {
    Expression result = operand;
    while (true) {
      if (tokens.takeOperator("|")) {
        result = filter(result);
      } else if (tokens.takeName("is")) {
        result = test(result);
      } else if (tokens.peek().isOperator("(")) {
        result = call(result);
      } else {
        return result;
      }
    }
  }

  private Expression primary() {
    Token token = tokens.take();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (tokens.peek().kind() == Token.Kind.STRING) {
          text.append(tokens.take().text());
        }
        yield constant(text.toString());
      }
      case INTEGER -> constant(integer(token));
      case FLOAT -> constant(Double.valueOf(token.text()));
      case OPERATOR -> bracket(token);
      default ->
          throw new TemplateException(
              "'" + token.text() + "' found where an expression was expected", token.line());
    };
  }

  private static Long integer(Token token) {
    try {
      return Long.valueOf(token.text());
    } catch (NumberFormatException e) {
      throw new TemplateException(
          "the number " + token.text() + " does not fit 64 bits", token.line());
    }
  }

  private static Expression constant(Object value) {
    return scope -> value;
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> constant(true);
      case "false", "False" -> constant(false);
      case "none", "None" -> constant(None.NONE);
      default -> scope -> scope.get(name);
    };
  }

  private Expression bracket(Token token) {
    return switch (token.text()) {
      case "(" -> {
        if (tokens.takeOperator(")")) {
          yield constant(Tuple.of());
        }
        Expression inner = tuple();
        tokens.expectOperator(")");
        yield inner;
      }
      case "[" -> {
        List<Expression> items = new ArrayList<>();
        while (!tokens.takeOperator("]")) {
          items.add(expression());
          if (!tokens.peek().isOperator("]")) {
            tokens.expectOperator(",");
          }
        }
        yield scope -> {
          List<Object> list = new ArrayList<>();
          items.forEach(item -> list.add(item.evaluate(scope)));
          return list;
        };
      }
      case "{" -> dictionary();
      default ->
          throw new TemplateException(
              "'" + token.text() + "' found where an expression was expected", token.line());
    };
  }

  private Expression dictionary() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.takeOperator("}")) {
      keys.add(expression());
      tokens.expectOperator(":");
      values.add(expression());
      if (!tokens.peek().isOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    return scope -> {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        map.put(Values.key(keys.get(i).evaluate(scope)), values.get(i).evaluate(scope));
      }
      return map;
    };
  }

  private Expression attribute(Expression object) {
    if (tokens.peek().kind() == Token.Kind.INTEGER) {
      Long index = integer(tokens.take());
      return scope -> Attributes.item(object.evaluate(scope), index);
    }
    String name = tokens.expectName();
    return scope -> Attributes.attribute(object.evaluate(scope), name);
  }

  private Expression subscript(Expression object) {
    @Nullable Expression from = tokens.peek().isOperator(":") ? null : expression();
    if (tokens.takeOperator("]")) {
      Expression key = from == null ? constant(None.NONE) : from;
      return scope -> Attributes.item(object.evaluate(scope), key.evaluate(scope));
    }
    tokens.expectOperator(":");
    Expression start = from == null ? constant(None.NONE) : from;
    Expression stop = sliceBound();
    Expression step = tokens.takeOperator(":") ? sliceBound() : constant(None.NONE);
    tokens.expectOperator("]");
    return scope ->
        Attributes.slice(
            object.evaluate(scope),
            start.evaluate(scope),
            stop.evaluate(scope),
            step.evaluate(scope));
  }

  private Expression sliceBound() {
    boolean absent = tokens.peek().isOperator(":") || tokens.peek().isOperator("]");
    return absent ? constant(None.NONE) : expression();
  }

  private Expression call(Expression callee) {
    Written arguments = arguments();
    return scope -> {
      Object function = callee.evaluate(scope);
      if (function instanceof Callable callable) {
        return callable.call(arguments.evaluate(scope));
      }
      throw function instanceof Undefined undefined
          ? undefined.refusal()
          : new Refusal("a value of type " + Values.typeName(function) + " cannot be called");
    };
  }

  private Expression filter(Expression operand) {
    String name = tokens.expectName();
    Written arguments = tokens.peek().isOperator("(") ? arguments() : Written.NONE;
    return scope -> Filters.apply(name, operand.evaluate(scope), arguments.evaluate(scope));
  }

  private Expression test(Expression operand) {
    boolean negated = tokens.takeName("not");
    String name = tokens.expectName();
    List<Expression> arguments = new ArrayList<>();
    if (tokens.peek().isOperator("(")) {
      arguments.addAll(arguments().positional());
    } else if (TypeTests.takesArgument(name)) {
      arguments.add(postfix());
    }
    return scope -> {
      List<Object> values = arguments.stream().map(item -> item.evaluate(scope)).toList();
      return negated != TypeTests.test(name, operand.evaluate(scope), values);
    };
  }

  /** Reads from the opening to the closing parenthesis. */
  private Written arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.takeOperator(")")) {
      if (tokens.peek().kind() == Token.Kind.NAME && tokens.peekSecond().isOperator("=")) {
        String name = tokens.expectName();
        tokens.expectOperator("=");
        named.put(name, expression());
      } else if (named.isEmpty()) {
        positional.add(expression());
      } else {
        throw tokens.unexpected("an argument with a name");
      }
      if (!tokens.peek().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new Written(positional, named);
  }

  /** The arguments of a call as they are written, by position and by name. */
  private record Written(List<Expression> positional, Map<String, Expression> named) {
    static final Written NONE = new Written(List.of(), Map.of());

    Arguments evaluate(Scope scope) {
      List<Object> values = new ArrayList<>();
      positional.forEach(argument -> values.add(argument.evaluate(scope)));
      Map<String, Object> byName = new LinkedHashMap<>();
      named.forEach((name, argument) -> byName.put(name, argument.evaluate(scope)));
      return new Arguments("", values, byName);
    }
  }
}
