package malt.nano;

import malt.problem.Problem;

/**
 * A word problem and the numbers behind it.
 *
 * @param id "nano-test-00017"
 * @param question natural English, ends with "How many ...?"
 * @param solution the gold solution
 */
public record WordProblem(String id, String question, Solution solution) {
  /** The problem as graders see it; the answer is the zero-padded final value. */
  public Problem problem() {
    return new Problem(id, question, solution.answer());
  }

  /** The worked answer, in the layout of GSM8K: steps, then "#### 047". */
  public String answerText() {
    return solution.text();
  }
}
