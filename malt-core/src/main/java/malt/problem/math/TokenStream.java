package malt.problem.math;

import java.util.List;

/** A cursor over tokens that refuses to nest deeper than {@value #MAX_DEPTH}. */
final class TokenStream {
  static final int MAX_DEPTH = 60;

  private final List<Token> tokens;
  private int at;
  private int depth;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token token = peek();
    if (token.kind() != Token.Kind.END) {
      at++;
    }
    return token;
  }

  /** Replaces the next token: what a command without braces leaves of a run of digits. */
  void replaceNext(Token token) {
    tokens.set(at, token);
  }

  boolean is(String symbol) {
    return peek().is(symbol);
  }

  boolean is(Token.Kind kind) {
    return peek().kind() == kind;
  }

  boolean take(String symbol) {
    boolean found = is(symbol);
    if (found) {
      at++;
    }
    return found;
  }

  void expect(String symbol) throws UnreadableException {
    if (!take(symbol)) {
      throw new UnreadableException("expected " + symbol);
    }
  }

  void enter() throws UnreadableException {
    if (++depth > MAX_DEPTH) {
      throw new UnreadableException("nested too deeply");
    }
  }

  void leave() {
    depth--;
  }
}
