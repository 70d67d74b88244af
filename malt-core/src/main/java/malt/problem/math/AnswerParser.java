package malt.problem.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import malt.problem.Rational;
import malt.problem.math.Token.Kind;

/**
 * Reads an answer by recursive descent, the loosest binding first: lists of relations between sets,
 * sums, products and powers, and then numbers, names, brackets and commands.
 */
final class AnswerParser {
  static final int MAX_LENGTH = 6_000;

  private static final int MAX_WORDS = 3;
  private static final Set<String> MATRICES =
      Set.of("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array");

  private final TokenStream in;
  private boolean insideBars;

  private AnswerParser(List<Token> tokens) {
    this.in = new TokenStream(tokens);
  }

  /**
   * Reads a normalised answer.
   *
   * @param thousands whether {@code 1,234} outside brackets is one number
   */
  static Node parse(String normalized, boolean thousands) throws UnreadableException {
    if (normalized.length() > MAX_LENGTH) {
      throw new UnreadableException("too long");
    }
    AnswerParser parser = new AnswerParser(Lexer.tokens(normalized, thousands));
    Node answer = parser.group();
    if (!parser.in.is(Kind.END)) {
      throw new UnreadableException("unexpected " + parser.in.peek().text());
    }
    return answer;
  }

  /** All of a group: a list, or plain TeX's {@code a \over b} and {@code n \choose k}. */
  private Node group() throws UnreadableException {
    Node left = list();
    if (in.take("\\over")) {
      return new Node.Quotient(left, list());
    }
    return in.take("\\choose") ? new Node.Call("binom", List.of(left, list())) : left;
  }

  /** One item, or a list of several. */
  private Node list() throws UnreadableException {
    List<Node> items = items();
    return items.size() == 1 ? items.get(0) : new Node.ListOf(items);
  }

  private List<Node> items() throws UnreadableException {
    in.enter();
    List<Node> items = new ArrayList<>();
    items.add(relation());
    while (in.is(",") || in.is(";")) {
      while (in.take(",") || in.take(";")) {}
      if (!in.is(Kind.END) && !isClosing()) {
        items.add(relation());
      }
    }
    in.leave();
    return items;
  }

  private boolean isClosing() {
    return in.is(")") || in.is("]") || in.is("}") || in.is("\\}");
  }

  private Node relation() throws UnreadableException {
    List<Node> members = new ArrayList<>();
    List<String> operators = new ArrayList<>();
    members.add(set());
    for (String operator = operator(); !operator.isEmpty(); operator = operator()) {
      operators.add(operator);
      members.add(set());
    }
    return operators.isEmpty() ? members.get(0) : new Node.Relation(members, operators);
  }

  private String operator() {
    if (!in.is(Kind.SYMBOL) && !in.is(Kind.COMMAND)) {
      return "";
    }
    String operator = Commands.RELATIONS.getOrDefault(in.peek().text(), "");
    if (!operator.isEmpty()) {
      in.next();
    }
    return operator;
  }

  private Node set() throws UnreadableException {
    Node left = ratio();
    while (in.is("\\cup") || in.is("\\cap") || in.is("\\setminus")) {
      String operator = in.next().text();
      Node right = ratio();
      if (left instanceof Node.SetOperation same
          && same.operator().equals(operator)
          && !operator.equals("\\setminus")) {
        List<Node> operands = new ArrayList<>(same.operands());
        operands.add(right);
        left = new Node.SetOperation(operator, operands);
      } else {
        left = new Node.SetOperation(operator, List.of(left, right));
      }
    }
    return left;
  }

  private Node ratio() throws UnreadableException {
    List<Node> parts = new ArrayList<>();
    parts.add(sum());
    while (in.take(":")) {
      parts.add(sum());
    }
    return parts.size() == 1 ? parts.get(0) : new Node.Ratio(parts);
  }

  private Node sum() throws UnreadableException {
    in.enter();
    Node left;
    if (in.is("\\pm") || in.is("\\mp")) {
      left = plusMinus(Numerals.number("0"));
    } else {
      left = product();
    }
    while (in.is("+") || in.is("-") || in.is("\\pm") || in.is("\\mp")) {
      if (in.is("\\pm") || in.is("\\mp")) {
        left = plusMinus(left);
      } else {
        boolean minus = in.next().is("-");
        Node right = product();
        left = add(left, minus ? new Node.Negation(right) : right);
      }
    }
    in.leave();
    return left;
  }

  private Node plusMinus(Node left) throws UnreadableException {
    boolean plus = in.next().is("\\pm");
    return new Node.PlusMinus(left, plus, product());
  }

  private static Node add(Node left, Node right) {
    List<Node> terms = new ArrayList<>();
    if (left instanceof Node.Sum sum) {
      terms.addAll(sum.terms());
    } else {
      terms.add(left);
    }
    terms.add(right);
    return new Node.Sum(terms);
  }

  private Node product() throws UnreadableException {
    Node left = signed();
    while (true) {
      if (in.take("*") || in.take("\\cdot") || in.take("\\times") || in.take("\\ast")) {
        left = times(left, signed());
      } else if (in.take("/") || in.take("\\div")) {
        left = new Node.Quotient(left, signed());
      } else if (in.is(Kind.WORDS)) {
        left = quantity(left);
      } else if (startsHere()) {
        if (left instanceof Node.Quantity) {
          throw new UnreadableException("an expression after a unit");
        }
        boolean spaced = in.peek().spaced();
        if (in.is(Kind.NUMBER) && endsInNumber(left) && !isFractionNext()) {
          throw new UnreadableException("two numbers side by side");
        }
        Node right = power();
        left = isMixed(left, right, spaced) ? mixed(left, right) : times(left, right);
      } else {
        return left;
      }
    }
  }

  private static boolean endsInNumber(Node left) {
    return left instanceof Node.Num
        || (left instanceof Node.Product product
            && product.factors().get(product.factors().size() - 1) instanceof Node.Num);
  }

  private boolean isFractionNext() {
    return in.peek(1).is("/") && in.peek(2).kind() == Kind.NUMBER;
  }

  private Node quantity(Node amount) throws UnreadableException {
    if (amount instanceof Node.Quantity named && named.unit().split(" ", -1).length > MAX_WORDS) {
      throw new UnreadableException("a sentence after an expression");
    }
    String unit = in.next().text();
    if (!Constants.isConstant(amount)) {
      throw new UnreadableException("words after an expression");
    }
    if (in.is("^")) {
      in.next();
      unit += "^" + Printer.print(argument());
    }
    if (amount instanceof Node.Quantity more) {
      return new Node.Quantity(more.amount(), more.unit() + " " + unit);
    }
    return new Node.Quantity(amount, unit);
  }

  private static Node times(Node left, Node right) {
    List<Node> factors = new ArrayList<>();
    if (left instanceof Node.Product product) {
      factors.addAll(product.factors());
    } else {
      factors.add(left);
    }
    factors.add(right);
    return new Node.Product(factors);
  }

  /** A whole number right before a proper fraction, as in 918\frac{1}{2} or 1 1/2. */
  private boolean isMixed(Node left, Node right, boolean spaced) {
    if (!(left instanceof Node.Num whole) || !whole.value().isInteger()) {
      return false;
    }
    if (right instanceof Node.Num && spaced && in.is("/") && in.peek(1).kind() == Kind.NUMBER) {
      return true;
    }
    return right instanceof Node.Quotient fraction
        && fraction.dividend() instanceof Node.Num top
        && fraction.divisor() instanceof Node.Num bottom
        && top.value().isInteger()
        && bottom.value().isInteger()
        && top.value().signum() >= 0
        && top.value().compareTo(bottom.value()) < 0;
  }

  private Node mixed(Node whole, Node fraction) throws UnreadableException {
    Node part = fraction;
    if (fraction instanceof Node.Num && in.take("/")) {
      part = new Node.Quotient(fraction, power());
    }
    return new Node.Sum(List.of(whole, part));
  }

  private Node signed() throws UnreadableException {
    if (in.take("+")) {
      return signed();
    }
    if (in.take("-")) {
      in.enter();
      Node operand = signed();
      in.leave();
      return new Node.Negation(operand);
    }
    return power();
  }

  /** An atom with what follows it: powers, factorials, percent signs. */
  private Node power() throws UnreadableException {
    Node base = atom();
    while (true) {
      if (in.take("^")) {
        base = new Node.Power(base, exponent());
      } else if (in.take("!")) {
        base = new Node.Call("!", List.of(base));
        if (in.is("!")) {
          throw new UnreadableException("a double factorial");
        }
      } else if (in.take("%")) {
        base = new Node.Percent(base);
      } else {
        return base;
      }
    }
  }

  private Node exponent() throws UnreadableException {
    in.enter();
    Node exponent;
    if (in.take("-")) {
      exponent = new Node.Negation(exponent());
    } else if (in.is("{")) {
      exponent = argument();
    } else {
      exponent = atom();
      if (in.take("^")) {
        exponent = new Node.Power(exponent, exponent());
      }
    }
    in.leave();
    return exponent;
  }

  private boolean startsHere() {
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

  private Node atom() throws UnreadableException {
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
      return Numerals.number(digits);
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
      List<Node> arguments = items();
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
    Node inside = after(open);
    insideBars = outer;
    return inside;
  }

  private Node bars(String close) throws UnreadableException {
    insideBars = true;
    Node inside = sum();
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
      return matrix(command.substring("\\begin:".length()));
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
        List<Node> items = items();
        in.expect("\\rangle");
        yield new Node.Bracketed('(', ')', items);
      }
      default -> throw new UnreadableException("unknown " + command);
    };
  }

  private Node rounded(String function, String close) throws UnreadableException {
    Node inside = sum();
    in.expect(close);
    return new Node.Call(function, List.of(inside));
  }

  private Node root() throws UnreadableException {
    Node degree = Numerals.number("2");
    if (in.take("[")) {
      degree = sum();
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
      factors.add(power());
    } while (startsHere() && !Commands.FUNCTIONS.contains(in.peek().text()) && !in.is("("));
    return factors.size() == 1 ? factors.get(0) : new Node.Product(factors);
  }

  private Node bigOperator(String command) throws UnreadableException {
    StringBuilder name = new StringBuilder(command);
    while (in.is("_") || in.is("^")) {
      name.append(in.next().text()).append(bound());
    }
    return new Node.Call(name.toString(), List.of(product()));
  }

  private String bound() throws UnreadableException {
    if (in.take("{")) {
      Node bound = list();
      in.expect("}");
      return "{" + Printer.print(bound) + "}";
    }
    return Printer.print(argument());
  }

  /** The argument of a command: a group, or one token; of a bare run of digits the first. */
  private Node argument() throws UnreadableException {
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

  /** What stands in brackets, the opening one just read. */
  private Node after(String open) throws UnreadableException {
    return switch (open) {
      case "{" -> {
        Node inside = group();
        in.expect("}");
        yield inside;
      }
      case "\\{" -> {
        if (in.take("\\}")) {
          yield new Node.Name("\\emptyset");
        }
        List<Node> items = items();
        in.expect("\\}");
        yield new Node.SetOf(items);
      }
      default -> tuple(open.charAt(0));
    };
  }

  private Node tuple(char open) throws UnreadableException {
    List<Node> items = items();
    char close = in.is(")") ? ')' : ']';
    in.expect(String.valueOf(close));
    boolean matching = open == '(' ? close == ')' : close == ']';
    return items.size() == 1 && matching
        ? items.get(0)
        : new Node.Bracketed(open, close, List.copyOf(items));
  }

  /** A matrix environment, its begin just read. */
  private Node matrix(String environment) throws UnreadableException {
    if (environment.equals("array") && in.take("{")) {
      while (!in.take("}")) {
        if (in.next().kind() == Kind.END) {
          throw new UnreadableException("an array without an end");
        }
      }
    }
    String end = "\\end:" + environment;
    List<List<Node>> rows = new ArrayList<>();
    while (!in.take(end)) {
      List<Node> row = new ArrayList<>();
      row.add(list());
      while (in.take("&")) {
        row.add(list());
      }
      rows.add(List.copyOf(row));
      if (!in.take("\\\\") && !in.is(end)) {
        throw new UnreadableException("a matrix that does not end");
      }
    }
    if (environment.equals("vmatrix")) {
      return new Node.Call("det", List.of(new Node.Matrix(rows)));
    }
    if (!MATRICES.contains(environment)) {
      throw new UnreadableException("the environment " + environment);
    }
    return new Node.Matrix(List.copyOf(rows));
  }
}
