package malt.problem;

import java.util.Optional;

/**
 * Grades answers that are one number, as in GSM8K.
 *
 * <p>The answer is the last statement of one that stands; in a calculation what stands behind its
 * last {@code =}. All that is stated must be the number: a power, a root or a multiplier behind it
 * counts, and of "7 or 8" nothing is taken. The strict grader ("number") finds nothing in a text
 * that marks no answer; the lenient one ("number-lenient") then takes the last number. Numbers are
 * compared exactly; currency, units, percent signs and leading zeros do not matter.
 */
public final class NumberGrader implements Grader {
  private final boolean lenient;

  private NumberGrader(boolean lenient) {
    this.lenient = lenient;
  }

  public static NumberGrader strict() {
    return new NumberGrader(false);
  }

  public static NumberGrader lenient() {
    return new NumberGrader(true);
  }

  @Override
  public String name() {
    return lenient ? "number-lenient" : "number";
  }

  /** The number in lowest terms: "47", "-3/4". */
  @Override
  public Optional<String> extract(String question, Response response) {
    StatedAnswer stated =
        StatedAnswer.of(response, Marks.ANSWERS, NumberText::read, String::equals);
    return stated.answer().or(() -> lenient ? NumberText.last(stated.rest()) : Optional.empty());
  }

  @Override
  public boolean equal(String reference, String extracted) {
    Optional<Rational> wanted = value(reference);
    return wanted.isPresent() && wanted.equals(value(extracted));
  }

  @Override
  public Grading grade(Problem problem, Response response) {
    if (value(problem.answer()).isEmpty()) {
      return new Grading(
          Grade.UNGRADABLE,
          extract(problem.question(), response).orElse(null),
          "the reference answer is not a number");
    }
    return Grader.super.grade(problem, response);
  }

  private static Optional<Rational> value(String answer) {
    return NumberText.only(answer);
  }
}
