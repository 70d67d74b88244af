package malt;

/**
 * Root of every error this project raises; the message is one sentence a user can act on. What a
 * file or a server said may stand in it, at whatever length: of a long message the middle is left
 * out.
 */
public class MaltException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 4_000; // characters of a message
  private static final int END = 500; // of them, where it says what to do
  private static final String LEFT_OUT = " [...] ";

  public MaltException(String message) {
    super(bounded(message));
  }

  public MaltException(String message, Throwable cause) {
    super(bounded(message), cause);
  }

  private static String bounded(String message) {
    return message.length() <= LONGEST
        ? message
        : message.substring(0, LONGEST - END - LEFT_OUT.length())
            + LEFT_OUT
            + message.substring(message.length() - END);
  }
}
