package malt.torch.text.jinja;

import java.util.List;

/** The tokens of a template, read one by one. */
final class TokenReader {
  private static final int MAX_DEPTH = 150;

  private final List<Token> tokens;
  private int next;
  private int depth;

  TokenReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(next);
  }

  /** The token after the next one. */
  Token peekSecond() {
    return tokens.get(Math.min(next + 1, tokens.size() - 1));
  }

  Token take() {
    Token token = tokens.get(next);
    if (next < tokens.size() - 1) {
      next++;
    }
    return token;
  }

  boolean takeName(String name) {
    boolean found = peek().isName(name);
    if (found) {
      take();
    }
    return found;
  }

  boolean takeOperator(String operator) {
    boolean found = peek().isOperator(operator);
    if (found) {
      take();
    }
    return found;
  }

  void expectOperator(String operator) {
    if (!takeOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  Token expect(Token.Kind kind, String what) {
    if (peek().kind() != kind) {
      throw unexpected(what);
    }
    return take();
  }

  String expectName() {
    return expect(Token.Kind.NAME, "a name").text();
  }

  void expectBlockEnd() {
    expect(Token.Kind.BLOCK_END, "the end of the tag");
  }

  TemplateException unexpected(String wanted) {
    Token token = peek();
    return new TemplateException(
        "'" + token.text() + "' found where " + wanted + " was expected", token.line());
  }

  /** Enters one more level of nesting; to be paired with {@link #leave}. */
  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new TemplateException(
          "more than " + MAX_DEPTH + " levels of nesting are not supported", peek().line());
    }
  }

  void leave() {
    depth--;
  }
}
