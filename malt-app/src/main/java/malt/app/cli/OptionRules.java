package malt.app.cli;

import java.util.List;
import malt.ConfigException;
import malt.training.TrainingRules;
import org.jspecify.annotations.Nullable;

/** Holds the options of a command to the rules that a configuration is held to. */
final class OptionRules {
  /** Settings of a training under the names of their options. */
  static final TrainingRules TRAINING =
      new TrainingRules(setting -> "--" + setting.replace('_', '-'));

  private OptionRules() {}

  /**
   * Ends a command whose options are not as they must be.
   *
   * @throws ConfigException naming all violations
   */
  static void require(List<String> violations) {
    if (violations.size() == 1) {
      throw new ConfigException(violations.get(0));
    }
    if (!violations.isEmpty()) {
      throw new ConfigException("options:\n  - " + String.join("\n  - ", violations));
    }
  }

  /** A line if a number is too small, else none. */
  static List<String> atLeast(String option, int least, int found) {
    return found >= least
        ? List.of()
        : List.of("%s: %d or more, found %d".formatted(option, least, found));
  }

  /**
   * What is named, one of those known, or else the default.
   *
   * @throws ConfigException if it is none of them
   */
  static <T> T oneOf(String option, List<T> known, @Nullable T named, T byDefault) {
    if (named != null && !known.contains(named)) {
      throw new ConfigException("%s is one of %s, found %s".formatted(option, known, named));
    }
    return named == null ? byDefault : named;
  }
}
