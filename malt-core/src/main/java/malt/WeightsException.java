package malt;

/**
 * A checkpoint or adapter is damaged or does not fit; the message names file, tensor and shapes.
 */
public final class WeightsException extends MaltException {
  private static final long serialVersionUID = 1L;

  public WeightsException(String message) {
    super(message);
  }

  public WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
