package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.torch.text.jinja.Statement.Flow;
import org.jspecify.annotations.Nullable;

/** Compiles text, output and the tags if, for, set, macro, break, continue and generation. */
final class StatementParser {
  private final TokenReader tokens;
  private final ExpressionParser expressions;
  private int loops;

  StatementParser(TokenReader tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  /** The whole template. */
  Statement parse() {
    return body(Set.of());
  }

  /** Statements up to a tag of one of these names, whose name is left to be read. */
  private Statement body(Set<String> ends) {
    List<Statement> statements = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Token.Kind.END) {
        if (!ends.isEmpty()) {
          throw tokens.unexpected("the tag " + String.join(" or ", ends));
        }
        return Statement.sequence(statements, lines);
      }
      tokens.take();
      lines.add(token.line());
      if (token.kind() == Token.Kind.TEXT) {
        statements.add(text(token.text()));
      } else if (token.kind() == Token.Kind.VARIABLE_BEGIN) {
        statements.add(output());
      } else if (ends.contains(tokens.peek().text())) {
        return Statement.sequence(statements, lines);
      } else {
        tokens.enter();
        statements.add(tag(tokens.expect(Token.Kind.NAME, "a tag's name")));
        tokens.leave();
      }
    }
  }

  private static Statement text(String text) {
    return (scope, out) -> {
      out.append(text);
      return Flow.NEXT;
    };
  }

  private Statement output() {
    Expression value = expressions.tuple();
    tokens.expect(Token.Kind.VARIABLE_END, "'}}'");
    return (scope, out) -> {
      out.append(Values.toText(value.evaluate(scope)));
      return Flow.NEXT;
    };
  }

  private Statement tag(Token name) {
    return switch (name.text()) {
      case "if" -> condition();
      case "for" -> loop();
      case "set" -> assignment();
      case "macro" -> macro();
      case "generation" -> generation();
      case "break" -> jump(name, Flow.BREAK);
      case "continue" -> jump(name, Flow.CONTINUE);
      default ->
          throw new TemplateException(
              "the tag '" + name.text() + "' is not supported here", name.line());
    };
  }

  private Statement jump(Token name, Flow flow) {
    if (loops == 0) {
      throw new TemplateException("'" + name.text() + "' outside of a loop", name.line());
    }
    tokens.expectBlockEnd();
    return (scope, out) -> flow;
  }

  private Statement condition() {
    Expression condition = expressions.tuple();
    tokens.expectBlockEnd();
    Statement yes = body(Set.of("elif", "else", "endif"));
    Statement no;
    String end = tokens.take().text();
    if (end.equals("elif")) {
      tokens.enter();
      no = condition();
      tokens.leave();
    } else {
      tokens.expectBlockEnd();
      no = end.equals("else") ? last("endif") : (scope, out) -> Flow.NEXT;
    }
    return (scope, out) ->
        (Values.isTrue(condition.evaluate(scope)) ? yes : no).execute(scope, out);
  }

  /** The last body of a tag, with its end tag. */
  private Statement last(String end) {
    Statement body = body(Set.of(end));
    tokens.take();
    tokens.expectBlockEnd();
    return body;
  }

  private Statement generation() {
    tokens.expectBlockEnd();
    return last("endgeneration");
  }

  private Statement loop() {
    List<String> targets = targets();
    if (!tokens.takeName("in") || targets.contains("loop")) {
      throw tokens.unexpected("'in' after names other than 'loop'");
    }
    Expression items = expressions.iterable();
    @Nullable Expression filter = tokens.takeName("if") ? expressions.expression() : null;
    if (tokens.peek().isName("recursive")) {
      throw new TemplateException("a recursive loop is not supported", tokens.peek().line());
    }
    tokens.expectBlockEnd();
    loops++;
    Statement body = body(Set.of("else", "endfor"));
    loops--;
    boolean hasElse = tokens.take().text().equals("else");
    tokens.expectBlockEnd();
    Statement none = hasElse ? last("endfor") : (scope, out) -> Flow.NEXT;
    return new ForLoop(targets, items, filter, body, none);
  }

  private List<String> targets() {
    boolean parenthesised = tokens.takeOperator("(");
    List<String> targets = new ArrayList<>(List.of(tokens.expectName()));
    while (tokens.takeOperator(",")) {
      targets.add(tokens.expectName());
    }
    if (parenthesised) {
      tokens.expectOperator(")");
    }
    return targets;
  }

  private Statement assignment() {
    if (tokens.peekSecond().isOperator(".")) {
      return attributeAssignment();
    }
    List<String> targets = targets();
    if (tokens.takeOperator("=")) {
      Expression value = expressions.tuple();
      tokens.expectBlockEnd();
      return (scope, out) -> {
        Values.assign(scope, targets, value.evaluate(scope));
        return Flow.NEXT;
      };
    }
    if (targets.size() > 1 || tokens.peek().kind() != Token.Kind.BLOCK_END) {
      throw tokens.unexpected("'='");
    }
    tokens.expectBlockEnd();
    Statement body = last("endset");
    return (scope, out) -> {
      StringBuilder text = new StringBuilder();
      body.execute(scope.inner(), text);
      scope.set(targets.get(0), text.toString());
      return Flow.NEXT;
    };
  }

  private Statement attributeAssignment() {
    String object = tokens.expectName();
    tokens.expectOperator(".");
    String attribute = tokens.expectName();
    tokens.expectOperator("=");
    Expression value = expressions.tuple();
    tokens.expectBlockEnd();
    return (scope, out) -> {
      if (!(scope.get(object) instanceof Namespace namespace)) {
        throw new Refusal("'" + object + "' is not a namespace, so its attributes cannot be set");
      }
      namespace.set(attribute, value.evaluate(scope));
      return Flow.NEXT;
    };
  }

  private Statement macro() {
    String name = tokens.expectName();
    Map<String, @Nullable Expression> parameters = new LinkedHashMap<>();
    tokens.expectOperator("(");
    while (!tokens.takeOperator(")")) {
      String parameter = tokens.expectName();
      parameters.put(parameter, tokens.takeOperator("=") ? expressions.expression() : null);
      if (!tokens.peek().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    tokens.expectBlockEnd();
    int outerLoops = loops;
    loops = 0;
    Statement body = last("endmacro");
    loops = outerLoops;
    return (scope, out) -> {
      scope.set(name, new Macro(name, parameters, body, scope));
      return Flow.NEXT;
    };
  }
}
