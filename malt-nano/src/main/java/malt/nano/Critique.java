package malt.nano;

/**
 * What a critique says about the solution.
 *
 * @param step the blamed step, 0-based; -1 where nothing is blamed
 * @param value the value that the verifier's columns gave for the blamed step; -1 without columns
 */
record Critique(Kind kind, int step, int value) {
  enum Kind {
    /** Approval, or every checked step ok. */
    UNBLAMED,
    /** A step is named, nothing computed. */
    VAGUE,
    /** A step is recomputed and found wrong. */
    COMPUTED
  }

  static final Critique UNBLAMED = new Critique(Kind.UNBLAMED, -1, -1);
}
