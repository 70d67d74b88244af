package malt;

/** A loss or gradient is not finite; the message names job and step. */
public final class TrainingDivergedException extends MaltException {
  private static final long serialVersionUID = 1L;

  public TrainingDivergedException(String message) {
    super(message);
  }
}
