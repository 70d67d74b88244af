package malt.problem;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Grades multiple choice by letter, as in CommonsenseQA.
 *
 * <p>The reference is a letter, or a letter with its text ("B. library") where no other choice has
 * that text; then an answer that states only the text is right too. The letter is looked for after
 * "Final Answer:", in the last {@code \boxed{}}, after "the answer is", at the start of a line ("B.
 * library", "(B)"), and last as the last letter that stands alone ("I think it's B").
 */
public final class ChoiceGrader implements Grader {
  private static final Pattern LEADING =
      Pattern.compile(
          "^[\\s*\"'`($\\[{]*(?:\\\\text(?:bf)?\\{)?\\(?([A-Z])(?![\\p{L}\\d'\u2019])(.*)",
          Pattern.DOTALL);
  private static final Pattern LOWER =
      Pattern.compile("^[\\s*\"'`]*\\(?([a-z])(?:[).:]|\\s*$).*", Pattern.DOTALL);
  private static final Pattern BARE = Pattern.compile("[\\s*\"'`(]*([a-z])[\\s*\"'`).:]*");

  /** "A or B" chooses neither. */
  private static final Pattern HEDGED =
      Pattern.compile("\\W*[A-Z]\\W*(?:(?:or|and|/|,)\\W*[A-Z]\\b\\W*)+");

  private static final Pattern LINE =
      Pattern.compile(
          "(?m)^[\\s*\"'`]*\\(?([A-Z])(?:\u3002|[).:,](?=\\s|\\*|$)|\\s*$|\\s+(?=[A-Z]))");
  private static final Pattern ALONE =
      Pattern.compile("(?<![\\p{L}\\d'\u2019])([A-Z])(?![\\p{L}\\d'\u2019])");
  private static final Pattern REFERENCE =
      Pattern.compile("\\(?([A-Z])(?:[).:]\\s*|\\s+|$)(.*)", Pattern.DOTALL);

  @Override
  public String name() {
    return "choice";
  }

  /** The letter; the stated text where a marked answer has no letter. */
  @Override
  public Optional<String> extract(String text) {
    String end = AnswerMarkers.window(text);
    return AnswerMarkers.afterFinalAnswer(end)
        .or(() -> AnswerMarkers.boxed(end))
        .or(() -> AnswerMarkers.afterAnswerIs(end))
        .filter(marked -> !marked.isBlank())
        .map(ChoiceGrader::letterOrText)
        .or(() -> firstLine(end))
        .or(() -> lastAlone(end))
        .or(() -> bare(end));
  }

  private static Optional<String> bare(String text) {
    Matcher bare = BARE.matcher(text);
    return bare.matches() ? Optional.of(bare.group(1).toUpperCase(Locale.ROOT)) : Optional.empty();
  }

  private static String letterOrText(String marked) {
    if (HEDGED.matcher(marked).matches()) {
      return text(marked);
    }
    Matcher leading = LEADING.matcher(marked);
    if (leading.matches() && !isArticle(leading.group(1), leading.group(2))) {
      return leading.group(1);
    }
    Matcher lower = LOWER.matcher(marked);
    if (lower.matches()) {
      return lower.group(1).toUpperCase(Locale.ROOT);
    }
    return lastAlone(marked).orElseGet(() -> text(marked));
  }

  /** "A dog" is text; "A", "A.", "A because ..." of a choice are the letter. */
  private static boolean isArticle(String letter, String rest) {
    return (letter.equals("A") && rest.matches("(?s) (?!because|since|as|and|but)[a-z].*"))
        || (letter.equals("I") && rest.matches("(?s) [a-z].*"));
  }

  private static Optional<String> firstLine(String text) {
    Matcher line = LINE.matcher(text);
    return line.find() ? Optional.of(line.group(1)) : Optional.empty();
  }

  private static Optional<String> lastAlone(String text) {
    Matcher alone = ALONE.matcher(text);
    Optional<String> last = Optional.empty();
    while (alone.find()) {
      if (!isArticle(
          alone.group(1), text.substring(alone.end(), Math.min(text.length(), alone.end() + 9)))) {
        last = Optional.of(alone.group(1));
      }
    }
    return last;
  }

  private static String text(String answer) {
    return answer.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}' -]", " ").strip();
  }

  @Override
  public String canonical(String answer) {
    return letterOrText(answer);
  }

  @Override
  public boolean equal(String reference, String extracted) {
    Optional<String> wanted = letter(reference);
    if (wanted.isEmpty()) {
      return false;
    }
    if (extracted.length() == 1) {
      return wanted.get().equals(extracted);
    }
    Matcher choice = REFERENCE.matcher(reference.strip());
    return choice.matches()
        && !choice.group(2).isBlank()
        && text(choice.group(2)).equals(text(extracted));
  }

  @Override
  public Grading grade(Problem problem, String text) {
    return letter(problem.answer()).isEmpty()
        ? new Grading(
            Grade.UNGRADABLE, extract(text).orElse(null), "the reference answer is not a letter")
        : Grader.super.grade(problem, text);
  }

  private Optional<String> letter(String reference) {
    Matcher choice = REFERENCE.matcher(reference.strip());
    return choice.matches()
        ? Optional.of(choice.group(1))
        : extract(reference).filter(answer -> answer.length() == 1);
  }
}
