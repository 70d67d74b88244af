package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call, by position and by name. */
record ArgumentList(List<Expression> positional, Map<String, Expression> named) {
  static final ArgumentList EMPTY = new ArgumentList(List.of(), Map.of());

  /** Reads from the opening to the closing parenthesis. */
  static ArgumentList parse(TokenReader tokens, ExpressionParser expressions) {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.takeOperator(")")) {
      if (tokens.peek().kind() == Token.Kind.NAME && tokens.peekSecond().isOperator("=")) {
        String name = tokens.expectName();
        tokens.expectOperator("=");
        named.put(name, expressions.expression());
      } else if (named.isEmpty()) {
        positional.add(expressions.expression());
      } else {
        throw tokens.unexpected("an argument with a name");
      }
      if (!tokens.peek().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new ArgumentList(positional, named);
  }

  List<Object> positional(Scope scope) {
    List<Object> values = new ArrayList<>();
    positional.forEach(argument -> values.add(argument.evaluate(scope)));
    return values;
  }

  Map<String, Object> named(Scope scope) {
    Map<String, Object> values = new LinkedHashMap<>();
    named.forEach((name, argument) -> values.put(name, argument.evaluate(scope)));
    return values;
  }
}
