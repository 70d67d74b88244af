package malt;

/** A file does not hold what it should; the message says file and line. */
public final class MalformedDataException extends MaltException {
  private static final long serialVersionUID = 1L;

  public MalformedDataException(String message) {
    super(message);
  }

  public MalformedDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
