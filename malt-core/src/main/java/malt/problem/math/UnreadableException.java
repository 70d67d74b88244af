package malt.problem.math;

/** The text is not an expression this package knows; it is then compared as a string. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableException(String message) {
    super(message, null, false, false);
  }
}
