package malt.experiment;

import java.util.ArrayList;
import java.util.List;
import malt.ConfigException;
import org.jspecify.annotations.Nullable;

/** What is wrong with a configuration, collected to be reported at once. */
final class Violations {
  private final List<String> found = new ArrayList<>();

  void add(String violation) {
    found.add(violation);
  }

  int count() {
    return found.size();
  }

  void addAll(List<String> violations) {
    found.addAll(violations);
  }

  /** Notes the violation, a format, unless the rule holds. */
  void require(boolean holds, String violation, @Nullable Object... values) {
    if (!holds) {
      add(violation.formatted(values));
    }
  }

  /**
   * Ends the check.
   *
   * @throws ConfigException listing all
   */
  void throwIfAny(String source) {
    if (!found.isEmpty()) {
      throw new ConfigException(source + ":\n  - " + String.join("\n  - ", found));
    }
  }
}
