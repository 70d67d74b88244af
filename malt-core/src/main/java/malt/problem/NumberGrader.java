package malt.problem;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Grades answers that are one number, as in GSM8K.
 *
 * <p>The answer is the number after the last {@code ####}; else in a JSON field {@code "answer"};
 * else after "Final Answer:"; else in the last {@code \boxed{}}; else after "the answer is". Where
 * the marked text is a calculation the number after its last {@code =} counts. The strict grader
 * ("number") finds nothing in a text that marks no answer; the lenient one ("number-lenient") then
 * takes the last number. Numbers are compared exactly; currency, units, percent signs and leading
 * zeros do not matter.
 */
public final class NumberGrader implements Grader {
  private static final Pattern HEADING = Pattern.compile("\\d{1,3}[.):]\\s+\\S.*");
  private static final Pattern NUMBER_FIRST =
      Pattern.compile(
          "^(?:\\\\boxed\\{|\\\\\\(|[^\\p{L}\\d\\n\\\\]){0,4}+(?:[.\\d]|\\\\[dt]?frac).*");

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

  @Override
  public Optional<String> extract(String text) {
    String end = AnswerMarkers.window(text);
    return AnswerMarkers.afterHashes(end)
        .filter(NumberGrader::isNumberFirst)
        .flatMap(NumberGrader::result)
        .or(() -> AnswerMarkers.afterJsonField(end).flatMap(NumberGrader::result))
        .or(() -> AnswerMarkers.afterFinalAnswer(end).flatMap(NumberGrader::result))
        .or(() -> AnswerMarkers.boxed(end).flatMap(NumberGrader::result))
        .or(() -> AnswerMarkers.afterAnswerIs(end).flatMap(NumberGrader::result))
        .or(() -> lenient ? NumberScanner.last(end) : Optional.empty())
        .map(NumberScanner.Found::text);
  }

  /**
   * {@code ####} is also a Markdown heading: "#### Step 2: add" and "#### 1. Add" state nothing.
   */
  private static boolean isNumberFirst(String line) {
    return NUMBER_FIRST.matcher(line).matches() && !HEADING.matcher(line).matches();
  }

  private static Optional<NumberScanner.Found> result(String marked) {
    int equals = marked.lastIndexOf('=');
    return NumberScanner.first(marked.substring(equals + 1)).or(() -> NumberScanner.first(marked));
  }

  /** The number in lowest terms ("47", "-3/4"); text that is no number stands for itself. */
  @Override
  public String canonical(String answer) {
    return value(answer).map(Rational::toString).orElseGet(answer::strip);
  }

  @Override
  public boolean equal(String reference, String extracted) {
    Optional<Rational> wanted = value(reference);
    return wanted.isPresent() && wanted.equals(value(extracted));
  }

  @Override
  public Grading grade(Problem problem, String text) {
    if (value(problem.answer()).isEmpty()) {
      return new Grading(
          Grade.UNGRADABLE, extract(text).orElse(null), "the reference answer is not a number");
    }
    return Grader.super.grade(problem, text);
  }

  private static Optional<Rational> value(String answer) {
    return answer.length() > AnswerMarkers.WINDOW
        ? Optional.empty()
        : NumberScanner.first(answer).map(NumberScanner.Found::value);
  }
}
