package malt.problem.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The outer grammar of an answer: lists of relations between sets and expressions. Expressions are
 * read by {@link ExpressionParser}.
 */
final class AnswerParser {
  static final int MAX_LENGTH = 6_000;

  private static final Map<String, String> RELATIONS =
      Map.ofEntries(
          Map.entry("=", "="),
          Map.entry("\\equiv", "="),
          Map.entry("<", "<"),
          Map.entry("\\lt", "<"),
          Map.entry(">", ">"),
          Map.entry("\\gt", ">"),
          Map.entry("\\le", "<="),
          Map.entry("\\leq", "<="),
          Map.entry("\\leqslant", "<="),
          Map.entry("\\ge", ">="),
          Map.entry("\\geq", ">="),
          Map.entry("\\geqslant", ">="),
          Map.entry("\\ne", "!="),
          Map.entry("\\neq", "!="),
          Map.entry("\\in", "in"),
          Map.entry("\\approx", "~"),
          Map.entry("\\simeq", "~"));

  private final TokenStream in;
  private final ExpressionParser expressions;

  private AnswerParser(List<Token> tokens) {
    this.in = new TokenStream(tokens);
    this.expressions = new ExpressionParser(in, this);
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
    if (!parser.in.is(Token.Kind.END)) {
      throw new UnreadableException("unexpected " + parser.in.peek().text());
    }
    return answer;
  }

  /** All of a group: a list, or plain TeX's {@code a \over b} and {@code n \choose k}. */
  Node group() throws UnreadableException {
    Node left = list();
    if (in.take("\\over")) {
      return new Node.Quotient(left, list());
    }
    return in.take("\\choose") ? new Node.Call("binom", List.of(left, list())) : left;
  }

  /** One item, or a list of several. */
  Node list() throws UnreadableException {
    List<Node> items = items();
    return items.size() == 1 ? items.get(0) : new Node.ListOf(items);
  }

  List<Node> items() throws UnreadableException {
    in.enter();
    List<Node> items = new ArrayList<>();
    items.add(relation());
    while (in.is(",") || in.is(";")) {
      while (in.take(",") || in.take(";")) {}
      if (!in.is(Token.Kind.END) && !isClosing()) {
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
    if (!in.is(Token.Kind.SYMBOL) && !in.is(Token.Kind.COMMAND)) {
      return "";
    }
    String operator = RELATIONS.getOrDefault(in.peek().text(), "");
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
    parts.add(expressions.sum());
    while (in.take(":")) {
      parts.add(expressions.sum());
    }
    return parts.size() == 1 ? parts.get(0) : new Node.Ratio(parts);
  }
}
