package malt.torch.text.jinja;

import java.nio.file.Path;
import malt.MaltException;

/**
 * A chat template could not be read or rendered; the message names the construct and the template
 * line. No text is ever returned in its place.
 */
public final class TemplateException extends MaltException {
  private static final long serialVersionUID = 1L;

  private final int line;

  /**
   * @param line of the template, from 1; 0 where no line is to blame
   */
  public TemplateException(String message, int line) {
    super(line > 0 ? "Chat template, line " + line + ": " + message : "Chat template: " + message);
    this.line = line;
  }

  private TemplateException(String message, TemplateException cause) {
    super(message, cause);
    this.line = cause.line;
  }

  /** The same, naming the file that the template stands in. */
  public TemplateException in(Path file) {
    return new TemplateException("%s: %s".formatted(file, getMessage()), this);
  }

  public int line() {
    return line;
  }
}
