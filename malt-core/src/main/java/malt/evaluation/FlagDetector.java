package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import malt.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a free-form critique says that the answer is wrong: its text holds a match of a regular
 * expression. Two of the same expression are equal.
 */
public final class FlagDetector {
  private final Pattern pattern;

  private FlagDetector(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * From a regular expression of the configuration.
   *
   * @throws ConfigException if it is none
   */
  @JsonCreator
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

  /** The regular expression. */
  @JsonValue
  public String regex() {
    return pattern.pattern();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FlagDetector detector && detector.regex().equals(regex());
  }

  @Override
  public int hashCode() {
    return regex().hashCode();
  }

  @Override
  public String toString() {
    return regex();
  }
}
