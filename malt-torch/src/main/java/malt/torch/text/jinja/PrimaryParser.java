package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles literals and names, and what may follow them: attributes, calls, filters and tests. */
final class PrimaryParser {
  private final TokenReader tokens;
  private final ExpressionParser expressions;

  PrimaryParser(TokenReader tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /** A literal or name with its attributes, subscripts and calls. */
  Expression postfix() {
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
  Expression filters(Expression operand) {
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
        Expression inner = expressions.tuple();
        tokens.expectOperator(")");
        yield inner;
      }
      case "[" -> {
        List<Expression> items = new ArrayList<>();
        while (!tokens.takeOperator("]")) {
          items.add(expressions.expression());
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
      keys.add(expressions.expression());
      tokens.expectOperator(":");
      values.add(expressions.expression());
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
    @Nullable Expression from = tokens.peek().isOperator(":") ? null : expressions.expression();
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
    return absent ? constant(None.NONE) : expressions.expression();
  }

  private Expression call(Expression callee) {
    ArgumentList arguments = ArgumentList.parse(tokens, expressions);
    return scope -> {
      Object function = callee.evaluate(scope);
      if (function instanceof Callable callable) {
        return callable.call(arguments.positional(scope), arguments.named(scope));
      }
      throw function instanceof Undefined undefined
          ? undefined.refusal()
          : new Refusal("a value of type " + Values.typeName(function) + " cannot be called");
    };
  }

  private Expression filter(Expression operand) {
    String name = tokens.expectName();
    ArgumentList arguments =
        tokens.peek().isOperator("(")
            ? ArgumentList.parse(tokens, expressions)
            : ArgumentList.EMPTY;
    return scope ->
        Filters.apply(
            name, operand.evaluate(scope), arguments.positional(scope), arguments.named(scope));
  }

  private Expression test(Expression operand) {
    boolean negated = tokens.takeName("not");
    String name = tokens.expectName();
    List<Expression> arguments = new ArrayList<>();
    if (tokens.peek().isOperator("(")) {
      arguments.addAll(ArgumentList.parse(tokens, expressions).positional());
    } else if (TypeTests.takesArgument(name)) {
      arguments.add(postfix());
    }
    return scope -> {
      List<Object> values = arguments.stream().map(item -> item.evaluate(scope)).toList();
      return negated != TypeTests.test(name, operand.evaluate(scope), values);
    };
  }
}
