package malt.problem;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Grades multiple choice by letter, as in CommonsenseQA.
 *
 * <p>The reference is a letter, or a letter with its text ("B. library") where no other choice has
 * that text; then an answer that states only the text is right too. The answer is the last
 * statement of a choice that stands, or a text that is nothing but a choice. The strict grader
 * ("choice") takes nothing else; the lenient one ("choice-lenient") then goes by position.
 */
public final class ChoiceGrader implements Grader {
  private static final Pattern REFERENCE =
      Pattern.compile("\\(?([A-Z])(?:[).:]\\s*|\\s+|$)(.*)", Pattern.DOTALL);

  private final boolean lenient;

  private ChoiceGrader(boolean lenient) {
    this.lenient = lenient;
  }

  public static ChoiceGrader strict() {
    return new ChoiceGrader(false);
  }

  public static ChoiceGrader lenient() {
    return new ChoiceGrader(true);
  }

  @Override
  public String name() {
    return lenient ? "choice-lenient" : "choice";
  }

  /** The letter; the stated text where a marked answer has no letter. */
  @Override
  public Optional<String> extract(String question, Response response) {
    StatedAnswer stated =
        StatedAnswer.of(
            response,
            Marks.CHOICES,
            statement -> ChoiceText.read(statement, question),
            String::equals);
    return stated
        .answer()
        .or(() -> ChoiceText.whole(stated.rest()))
        .or(() -> lenient ? ChoiceText.last(stated.rest()) : Optional.empty());
  }

  @Override
  public boolean equal(String reference, String extracted) {
    if (extracted.length() == 1) {
      return letter(reference).filter(extracted::equals).isPresent();
    }
    Matcher choice = REFERENCE.matcher(reference.strip());
    String words = choice.matches() ? choice.group(2) : reference;
    return !words.isBlank() && ChoiceText.words(words).equals(ChoiceText.words(extracted));
  }

  private Optional<String> letter(String reference) {
    Matcher choice = REFERENCE.matcher(reference.strip());
    return choice.matches()
        ? Optional.of(choice.group(1))
        : lenient().extract("", Response.whole(reference)).filter(one -> one.length() == 1);
  }

  @Override
  public Grading grade(Problem problem, Response response) {
    return letter(problem.answer()).isPresent()
        ? Grader.super.grade(problem, response)
        : new Grading(
            Grade.UNGRADABLE,
            extract(problem.question(), response).orElse(null),
            "the reference answer is not a letter");
  }
}
