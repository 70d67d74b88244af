package malt.problem.math;

/** A piece of an answer; {@code spaced} tells whether a space stands before it. */
record Token(Kind kind, String text, boolean spaced) {
  enum Kind {
    /** Digits, with a decimal point or without. */
    NUMBER,
    /** A variable, constant or label. */
    NAME,
    /** A LaTeX command with its backslash, or a function written without one. */
    COMMAND,
    /** Words. */
    WORDS,
    /** One character of notation. */
    SYMBOL,
    END
  }

  boolean is(String symbol) {
    return (kind == Kind.SYMBOL || kind == Kind.COMMAND) && text.equals(symbol);
  }
}
