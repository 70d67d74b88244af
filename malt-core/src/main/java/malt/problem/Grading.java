package malt.problem;

import org.jspecify.annotations.Nullable;

/**
 * A grade and how it came about.
 *
 * @param extracted the answer found in the text; null where none was found
 * @param reason one short phrase: "equal", "different", "no answer found", ...
 */
public record Grading(Grade grade, @Nullable String extracted, String reason) {
  public boolean correct() {
    return grade == Grade.CORRECT;
  }
}
