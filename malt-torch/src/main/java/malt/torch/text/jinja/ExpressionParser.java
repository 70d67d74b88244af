package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles expressions, by precedence: if, or, and, not, comparison, sum, ~, product, unary. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final TokenReader tokens;
  private final PrimaryParser primary;

  ExpressionParser(TokenReader tokens) {
    this.tokens = tokens;
    this.primary = new PrimaryParser(tokens, this);
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
    return primary.filters(operand);
  }

  private Expression signed() {
    if (!tokens.peek().isOperator("-") && !tokens.peek().isOperator("+")) {
      return primary.postfix();
    }
    boolean negative = tokens.take().isOperator("-");
    tokens.enter();
    Expression operand = signed();
    tokens.leave();
    return scope -> Operators.sign(negative, operand.evaluate(scope));
  }
}
