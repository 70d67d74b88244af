package malt.evaluation;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import malt.ConfigException;

/** Whether a free-form critique says that the answer is wrong: its text holds a match. */
public record FlagDetector(Pattern pattern) {
  /** From a regular expression of the configuration. */
  public static FlagDetector of(String regex) {
    try {
      return new FlagDetector(Pattern.compile(regex));
    } catch (PatternSyntaxException e) {
      throw new ConfigException(
          "the expression that recognises a flagging critique is no regular expression: "
              + e.getDescription()
              + ": "
              + regex,
          e);
    }
  }

  public boolean flags(String critique) {
    return pattern.matcher(critique).find();
  }
}
