package malt;

/** A setting is wrong; the message lists every problem found, not only the first. */
public final class ConfigException extends MaltException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }

  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
