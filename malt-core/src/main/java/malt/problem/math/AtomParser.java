package malt.problem.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import malt.problem.Rational;
import malt.problem.math.Token.Kind;

/** Numbers, names, brackets and commands with their arguments. */
final class AtomParser {
  private final TokenStream in;
  private final AnswerParser answers;
  private final ExpressionParser expressions;
  private final BracketParser brackets;
  private boolean insideBars;

  AtomParser(TokenStream in, AnswerParser answers, ExpressionParser expressions) {
    this.in = in;
    this.answers = answers;
    this.expressions = expressions;
    this.brackets = new BracketParser(in, answers);
  }

  boolean startsHere() {
    Token token = in.peek();
    return switch (token.kind()) {
      case NUMBER, NAME -> true;
      case SYMBOL ->
          "([{".contains(token.text())
              || token.text().equals("\\{")
              || (token.text().equals("|") && !insideBars);
      case COMMAND ->
          Commands.FUNCTIONS.contains(token.text())
              || Commands.BIG_OPERATORS.contains(token.text())
              || Commands.TRANSPARENT.contains(token.text())
              || Commands.PREFIXES.contains(token.text())
              || Commands.NAMES.contains(token.text())
              || token.text().startsWith("\\begin:")
              || Commands.WITH_ARGUMENTS.contains(token.text());
      case WORDS, END -> false;
    };
  }

  Node atom() throws UnreadableException {
    in.enter();
    Node atom = readAtom();
    in.leave();
    return atom;
  }

  private Node readAtom() throws UnreadableException {
    Token token = in.next();
    return switch (token.kind()) {
      case NUMBER -> based(token.text());
      case NAME -> name(token.text());
      case WORDS -> words(token.text());
      case SYMBOL -> symbol(token.text());
      case COMMAND -> command(token.text());
      case END -> throw new UnreadableException("the end where a value should be");
    };
  }

  /** A number, or digits in a base: 204_5 is notation, not arithmetic. */
  private Node based(String digits) throws UnreadableException {
    if (!in.take("_")) {
      return ExpressionParser.number(digits);
    }
    return new Node.Name(digits + "_" + Printer.print(argument()));
  }

  private Node words(String first) {
    StringBuilder words = new StringBuilder(first);
    while (in.is(Kind.WORDS)) {
      words.append(' ').append(in.next().text());
    }
    return new Node.Words(words.toString());
  }

  private Node name(String letter) throws UnreadableException {
    String name = letter;
    if (in.take("_")) {
      name += "_" + Printer.print(argument());
    }
    while (in.take("'")) {
      name += "'";
    }
    if (Commands.FUNCTION_NAMES.contains(letter) && in.is("(")) {
      in.next();
      List<Node> arguments = answers.items();
      in.expect(")");
      return new Node.Call(name, arguments);
    }
    return new Node.Name(name);
  }

  private Node symbol(String symbol) throws UnreadableException {
    return switch (symbol) {
      case "(", "[", "{", "\\{" -> bracketed(symbol);
      case "|" -> bars("|");
      default -> throw new UnreadableException("unexpected " + symbol);
    };
  }

  private Node bracketed(String open) throws UnreadableException {
    boolean outer = insideBars;
    insideBars = false;
    Node inside = brackets.after(open);
    insideBars = outer;
    return inside;
  }

  private Node bars(String close) throws UnreadableException {
    insideBars = true;
    Node inside = expressions.sum();
    in.expect(close);
    insideBars = false;
    return new Node.Call("abs", List.of(inside));
  }

  private Node command(String command) throws UnreadableException {
    if (Commands.NAMES.contains(command)) {
      return name(command.equals("\\varnothing") ? "\\emptyset" : command);
    }
    if (Commands.FUNCTIONS.contains(command)) {
      return function(command.substring(1));
    }
    if (Commands.BIG_OPERATORS.contains(command)) {
      return bigOperator(command);
    }
    if (Commands.TRANSPARENT.contains(command)) {
      return argument();
    }
    if (Commands.PREFIXES.contains(command)) {
      return atom();
    }
    if (command.startsWith("\\begin:")) {
      return brackets.matrix(command.substring("\\begin:".length()));
    }
    return switch (command) {
      case "\\frac" -> new Node.Quotient(argument(), argument());
      case "\\sqrt" -> root();
      case "\\binom", "\\dbinom", "\\tbinom" ->
          new Node.Call("binom", List.of(argument(), argument()));
      case "\\lfloor" -> rounded("floor", "\\rfloor");
      case "\\lceil" -> rounded("ceil", "\\rceil");
      case "\\lvert" -> bars("\\rvert");
      case "\\langle" -> {
        List<Node> items = answers.items();
        in.expect("\\rangle");
        yield new Node.Bracketed('(', ')', items);
      }
      default -> throw new UnreadableException("unknown " + command);
    };
  }

  private Node rounded(String function, String close) throws UnreadableException {
    Node inside = expressions.sum();
    in.expect(close);
    return new Node.Call(function, List.of(inside));
  }

  private Node root() throws UnreadableException {
    Node degree = ExpressionParser.number("2");
    if (in.take("[")) {
      degree = expressions.sum();
      in.expect("]");
    }
    return new Node.Root(degree, argument());
  }

  private Node function(String name) throws UnreadableException {
    List<Node> arguments = new ArrayList<>();
    String function = name;
    Node power = null;
    while (in.is("_") || in.is("^")) {
      if (in.next().is("_")) {
        arguments.add(argument());
        function = "log_";
      } else {
        power = in.take("-") ? new Node.Negation(argument()) : argument();
      }
    }
    arguments.add(in.is("(") || in.is("{") ? atom() : functionArgument());
    Node call = new Node.Call(function, List.copyOf(arguments));
    return power == null ? call : inverseOrPower(name, call, power);
  }

  private static Node inverseOrPower(String name, Node call, Node power)
      throws UnreadableException {
    if (Printer.print(power).equals("-(1)")) {
      if (call instanceof Node.Call applied && Set.of("sin", "cos", "tan").contains(name)) {
        return new Node.Call("arc" + name, applied.arguments());
      }
      throw new UnreadableException("an inverse that is ambiguous");
    }
    return new Node.Power(call, power);
  }

  /** What a function without brackets applies to: "2x", "\frac{x}{2}", not the next function. */
  private Node functionArgument() throws UnreadableException {
    List<Node> factors = new ArrayList<>();
    if (in.take("-")) {
      return new Node.Negation(functionArgument());
    }
    do {
      factors.add(expressions.power());
    } while (startsHere() && !Commands.FUNCTIONS.contains(in.peek().text()) && !in.is("("));
    return factors.size() == 1 ? factors.get(0) : new Node.Product(factors);
  }

  private Node bigOperator(String command) throws UnreadableException {
    StringBuilder name = new StringBuilder(command);
    while (in.is("_") || in.is("^")) {
      name.append(in.next().text()).append(bound());
    }
    return new Node.Call(name.toString(), List.of(expressions.product()));
  }

  private String bound() throws UnreadableException {
    if (in.take("{")) {
      Node bound = answers.list();
      in.expect("}");
      return "{" + Printer.print(bound) + "}";
    }
    return Printer.print(argument());
  }

  /** The argument of a command: a group, or one token; of a bare run of digits the first. */
  Node argument() throws UnreadableException {
    if (in.is("{") && in.peek(1).is("}")) {
      throw new UnreadableException("an empty argument");
    }
    Token token = in.peek();
    if (token.kind() == Kind.NUMBER && token.text().length() > 1) {
      String digits = token.text();
      if (!Character.isDigit(digits.charAt(0))) {
        throw new UnreadableException("an argument without braces");
      }
      in.replaceNext(new Token(Kind.NUMBER, digits.substring(1), false));
      return new Node.Num(Rational.of(digits.charAt(0) - '0'), 0);
    }
    return atom();
  }
}
