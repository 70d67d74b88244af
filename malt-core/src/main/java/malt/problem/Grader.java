package malt.problem;

import java.util.Optional;

/**
 * Decides whether a text answers a problem: one fixed deterministic extractor T (method: "a =
 * T(r)") and one equality of answers. Implementations are pure and thread-safe.
 */
public interface Grader {
  /** The name under which configurations and reports know this grader. */
  String name();

  /** T: the final answer stated in {@code text}, if any. */
  Optional<String> extract(String text);

  /** A key equal for equal answers; answers are put to the vote by it. */
  String canonical(String answer);

  /** Whether the extracted answer equals the reference answer. */
  boolean equal(String reference, String extracted);

  /** Grades a text; no answer found is INCORRECT with that reason, not an error. */
  default Grading grade(Problem problem, String text) {
    Optional<String> extracted = extract(text);
    if (extracted.isEmpty()) {
      return new Grading(Grade.INCORRECT, null, "no answer found");
    }
    boolean equal = equal(problem.answer(), extracted.get());
    return equal
        ? new Grading(Grade.CORRECT, extracted.get(), "equal")
        : new Grading(Grade.INCORRECT, extracted.get(), "different");
  }
}
