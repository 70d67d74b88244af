package malt;

/** Root of every error this project raises; the message is one sentence a user can act on. */
public class MaltException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MaltException(String message) {
    super(message);
  }

  public MaltException(String message, Throwable cause) {
    super(message, cause);
  }
}
