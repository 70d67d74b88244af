package malt.problem.math;

import java.util.Optional;
import malt.problem.AnswerText;
import malt.problem.Boxes;
import malt.problem.Grader;
import malt.problem.Response;

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
  public Optional<String> extract(String question, Response response) {
    return Boxes.last(AnswerText.of(response.text()));
  }

  @Override
  public boolean equal(String reference, String extracted) {
    return HendrycksString.equal(reference, extracted);
  }
}
