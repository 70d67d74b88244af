package malt.problem.math;

import java.util.Locale;
import java.util.Optional;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import malt.problem.Problem;

/**
 * Grades mathematical answers by what they mean: 1/2, 0.5 and \frac{2}{4} are equal.
 *
 * <p>The answer is what a text marks as final: "Final Answer:", the last {@code \boxed{}} (with
 * those joined to it by "and"), "the answer is". The strict grader ("math") finds nothing where
 * nothing is marked; the lenient one ("math-lenient") then takes the whole text if it is an answer,
 * else its last formula or number. A percent sign counts as 1/100 or as nothing; units count only
 * where both answers have one.
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
  public Optional<String> extract(String text) {
    return MathExtractor.extract(text, lenient);
  }

  @Override
  public String canonical(String answer) {
    return MathEquality.canonical(answer);
  }

  @Override
  public boolean equal(String reference, String extracted) {
    return MathEquality.equal(reference(reference), extracted);
  }

  @Override
  public Grading grade(Problem problem, String text) {
    if (problem.answer().isBlank()) {
      return new Grading(
          Grade.UNGRADABLE, extract(text).orElse(null), "the reference answer is empty");
    }
    if (lenient && text.strip().equals(problem.answer().strip())) {
      return new Grading(Grade.CORRECT, text.strip(), "the same text");
    }
    return Grader.super.grade(problem, text);
  }

  /** A reference may be a whole solution; then its marked answer counts. */
  private static String reference(String reference) {
    boolean marked =
        reference.contains("\\boxed")
            || reference.contains("\\fbox")
            || reference.toLowerCase(Locale.ROOT).contains("final answer");
    return marked ? MathExtractor.extract(reference, true).orElse(reference) : reference;
  }
}
