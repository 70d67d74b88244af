package malt;

/** A language model could not answer. */
public final class ModelException extends MaltException {
  private static final long serialVersionUID = 1L;

  private final boolean retriable;

  public ModelException(String message, boolean retriable) {
    super(message);
    this.retriable = retriable;
  }

  public ModelException(String message, boolean retriable, Throwable cause) {
    super(message, cause);
    this.retriable = retriable;
  }

  /** Whether the same request may succeed later (an overload, a dropped connection). */
  public boolean retriable() {
    return retriable;
  }
}
