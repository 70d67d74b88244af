package malt;

/** A language model could not answer. */
public final class ModelException extends MaltException {
  private static final long serialVersionUID = 1L;

  private final boolean retriable;
  private final boolean refused;

  public ModelException(String message, boolean retriable) {
    this(message, retriable, false);
  }

  private ModelException(String message, boolean retriable, boolean refused) {
    super(message);
    this.retriable = retriable;
    this.refused = refused;
  }

  public ModelException(String message, boolean retriable, Throwable cause) {
    super(message, cause);
    this.retriable = retriable;
    this.refused = false;
  }

  /**
   * A call of whose requests each one was refused, or answered with nothing of use. Whether it is
   * they that are wrong or what all have in common, is told by whether others like them were ever
   * answered; the model does not know.
   */
  public static ModelException refused(String message) {
    return new ModelException(message, false, true);
  }

  /** Whether the same request may succeed later (an overload, a dropped connection). */
  public boolean retriable() {
    return retriable;
  }

  /** Whether every request of the call was refused by itself, as {@link #refused(String)} says. */
  public boolean refused() {
    return refused;
  }
}
