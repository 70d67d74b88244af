package malt.problem;

import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The last statement that stands. One that is not read as an answer leaves none where it was meant
 * as one; one that the next sentence takes back does not stand.
 *
 * @param answer empty where none stands
 * @param rest the text that may be read by position instead: what follows the last statement that
 *     fell; nothing where an answer stands or the text was cut off
 */
public record StatedAnswer(Optional<String> answer, String rest) {
  private static final Pattern TAKEN_BACK =
      Pattern.compile(
          "^[\\s*_\"')\\].!?$\\\\}`]*(?:(?:but|wait|hmm+|oh|actually|hold on)\\b[\\s,.!:\u2014-]*)*"
              + "(?:(?:no|oops|correction|scratch that|my mistake)\\b[\\s]*[,.!:;\u2014-]"
              + "|(?:wait|sorry|on (?:reflection|second thought)|this|that|it|which|i|the (?:above|previous))\\b[^.!?\\n]{0,80}?"
              + "(?:\\bwrong\\b|\\bincorrect|\\bmistake|\\bmiscount|\\bmis(?:read|added|calculated|took)|\\berror\\b"
              + "|(?:not|n't) (?:right|correct|possible)|\\bforgot\\b|\\bshould (?:be|have been)\\b|\\bscratch that\\b))",
          Pattern.CASE_INSENSITIVE);
  private static final int NEXT = 200;

  /** Denials that are compared with what stands; of more than these nothing is left standing. */
  private static final int MAX_DENIALS = 8;

  /**
   * Reads a response.
   *
   * @param read what a statement says
   * @param same whether two answers are equal
   */
  public static StatedAnswer of(
      Response response,
      Marks marks,
      Function<Statement, Reading> read,
      BiPredicate<String, String> same) {
    Statements statements = Statements.of(response, marks);
    String text = statements.text();
    Optional<String> standing = Optional.empty();
    int from = 0;
    int denials = 0;
    for (Statement statement : statements.all()) {
      Reading said = read.apply(statement);
      boolean spoken = said.kind() != Reading.Kind.SILENT;
      Reading reading = spoken && !statements.isClosed(statement) ? Reading.UNCLEAR : said;
      boolean fallen = spoken && isTakenBack(text, statement.end());
      if (spoken) {
        from = statement.end();
      }
      Optional<String> before = standing;
      standing =
          switch (reading.kind()) {
            case STATED -> Optional.of(reading.answer());
            case SUPPOSED -> before.or(() -> Optional.of(reading.answer()));
            case DENIED ->
                ++denials > MAX_DENIALS
                    ? Optional.empty()
                    : before.filter(answer -> !same.test(answer, reading.answer()));
            case UNCLEAR -> Optional.empty();
            case SILENT -> before;
          };
      if (fallen && reading.kind() != Reading.Kind.DENIED) {
        standing = Optional.empty();
      }
    }
    boolean positional = standing.isEmpty() && !statements.truncated();
    return new StatedAnswer(standing, positional ? text.substring(from) : "");
  }

  private static boolean isTakenBack(String text, int end) {
    return TAKEN_BACK.matcher(text.substring(end, Math.min(text.length(), end + NEXT))).find();
  }
}
