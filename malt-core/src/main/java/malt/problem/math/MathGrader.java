package malt.problem.math;

import java.util.Locale;
import java.util.Optional;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import malt.problem.Marks;
import malt.problem.Problem;
import malt.problem.Response;
import malt.problem.StatedAnswer;

/**
 * Grades mathematical answers by what they mean: 1/2, 0.5 and \frac{2}{4} are equal.
 *
 * <p>The answer is the last statement of one that stands; boxes that "and", a comma or nothing
 * joins are one list. The strict grader ("math") finds nothing where nothing is marked; the lenient
 * one ("math-lenient") then takes the whole text if it is an answer, else its last formula or
 * number. A percent sign counts as 1/100 or as nothing; units count only where both answers have
 * one.
 */
public final class MathGrader implements Grader {
  private final boolean lenient;

  private MathGrader(boolean lenient) {
    this.lenient = lenient;
  }

  public static MathGrader strict() {
    return new MathGrader(false);
  }

  public static MathGrader lenient() {
    return new MathGrader(true);
  }

  @Override
  public String name() {
    return lenient ? "math-lenient" : "math";
  }

  @Override
  public Optional<String> extract(String question, Response response) {
    StatedAnswer stated =
        StatedAnswer.of(response, Marks.ANSWERS, MathText::read, MathEquality::equal);
    return stated.answer().or(() -> lenient ? MathText.last(stated.rest()) : Optional.empty());
  }

  @Override
  public boolean equal(String reference, String extracted) {
    return MathEquality.equal(reference(reference), extracted);
  }

  @Override
  public Grading grade(Problem problem, Response response) {
    if (problem.answer().isBlank()) {
      return new Grading(
          Grade.UNGRADABLE,
          extract(problem.question(), response).orElse(null),
          "the reference answer is empty");
    }
    String text = response.text().strip();
    if (lenient && !response.truncated() && text.equals(problem.answer().strip())) {
      return new Grading(Grade.CORRECT, text, "the same text");
    }
    return Grader.super.grade(problem, response);
  }

  /** A reference may be a whole solution; then its marked answer counts. */
  private static String reference(String reference) {
    boolean marked =
        reference.contains("\\boxed")
            || reference.contains("\\fbox")
            || reference.toLowerCase(Locale.ROOT).contains("final answer");
    return marked ? lenient().extract("", Response.whole(reference)).orElse(reference) : reference;
  }
}
