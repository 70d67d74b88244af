package malt.problem.math;

/** An expression has no value here (a division by zero), or none within the limits. */
final class UndefinedException extends Exception {
  private static final long serialVersionUID = 1L;

  UndefinedException(String message) {
    super(message, null, false, false);
  }
}
