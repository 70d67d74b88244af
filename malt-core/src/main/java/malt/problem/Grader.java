package malt.problem;

import java.io.Serializable;
import java.util.Optional;

/**
 * Decides whether a response answers a problem: one fixed deterministic extractor T (method: "a =
 * T(r)") and one equality of answers. Implementations are pure and thread-safe, and go with trees
 * to other machines.
 */
public interface Grader extends Serializable {
  /** The name under which configurations and reports know this grader. */
  String name();

  /**
   * T: the final answer that a response states, if any.
   *
   * @param question as it was asked; choices are among its lines. Empty where it is not known
   */
  Optional<String> extract(String question, Response response);

  /** Whether an extracted answer equals the reference answer, or another answer put to the vote. */
  boolean equal(String reference, String extracted);

  /** Grades a response; no answer found is INCORRECT with that reason, not an error. */
  default Grading grade(Problem problem, Response response) {
    Optional<String> extracted = extract(problem.question(), response);
    if (extracted.isEmpty()) {
      return new Grading(Grade.INCORRECT, null, "no answer found");
    }
    boolean equal = equal(problem.answer(), extracted.get());
    return equal
        ? new Grading(Grade.CORRECT, extracted.get(), "equal")
        : new Grading(Grade.INCORRECT, extracted.get(), "different");
  }
}
