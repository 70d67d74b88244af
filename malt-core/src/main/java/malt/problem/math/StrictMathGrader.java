package malt.problem.math;

import java.util.Optional;
import malt.problem.AnswerMarkers;
import malt.problem.Grader;

/**
 * MATH's own metric: the content of the last {@code \boxed{}}, compared as a string after the
 * authors' normalisation. It calls many equal answers different (1/2 and 0.50, x^2+1 and 1+x^2), so
 * it is for comparison with published numbers.
 */
public final class StrictMathGrader implements Grader {
  @Override
  public String name() {
    return "math-strict";
  }

  @Override
  public Optional<String> extract(String text) {
    return AnswerMarkers.boxed(AnswerMarkers.window(text));
  }

  @Override
  public String canonical(String answer) {
    try {
      return HendrycksString.normalize(answer);
    } catch (UnreadableException e) {
      return answer;
    }
  }

  @Override
  public boolean equal(String reference, String extracted) {
    return HendrycksString.equal(reference, extracted);
  }
}
