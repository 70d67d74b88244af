package malt.problem;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the one number that a statement, or the last sentence of a text, says. */
final class NumberText {
  private static final int SENTENCE = 400;
  private static final int FLAGS = Pattern.CASE_INSENSITIVE;

  private static final Pattern COPULA =
      Pattern.compile(
          ".*\\b(?:is|are|was|were|be|equals?|makes?|totals?|costs?|leaves|leaving)\\b(.*)",
          FLAGS | Pattern.DOTALL);
  private static final Pattern HEADING = Pattern.compile("\\d{1,3}[.):]\\s+\\S.*", Pattern.DOTALL);
  private static final Pattern NUMBER_FIRST =
      Pattern.compile(
          "[^\\p{L}\\d\\\\]{0,6}+(?:\\\\[({\\[]? ?)?(?:[\\d]|\\\\[dtc]?frac).*", Pattern.DOTALL);
  private static final Pattern ASIDE =
      Pattern.compile("(?<=\\S)\\s*\\([^()]*(?:\\p{L}{2}|=)[^()]*\\)");
  private static final Pattern DIGIT = Pattern.compile("\\d");
  private static final Pattern BULLET = Pattern.compile("^\\s*[-+*\u2022][ \\t]+(?=\\S)");
  private static final Pattern SENTENCE_START = Pattern.compile("\\n|[.?!](?=\\s+[^\\d\\s])");

  private NumberText() {}

  /** What a statement says of the number asked for. */
  static Reading read(Statement statement) {
    String words =
        statement.mark() == Mark.HASHES ? Segment.first(statement.words()) : statement.words();
    if (statement.mark() == Mark.HASHES
        && (!NUMBER_FIRST.matcher(words).matches()
            || HEADING.matcher(statement.words()).matches())) {
      return Reading.SILENT;
    }
    if (words.length() > SENTENCE) {
      return statement.mark().isFirm() ? Reading.UNCLEAR : Reading.SILENT;
    }
    Claim claim = Claim.of(words, statement.denied());
    String said = Claim.withoutReason(claim.words());
    Optional<String> number = single(said);
    if (claim.denied()) {
      return number.map(Reading::denied).orElse(Reading.SILENT);
    }
    boolean meant =
        statement.mark().isFirm()
            || NUMBER_FIRST.matcher(said).matches()
            || (Hedge.isIn(said) && DIGIT.matcher(said).find());
    return number.map(Reading::stated).orElse(meant ? Reading.UNCLEAR : Reading.SILENT);
  }

  /** The only number of a text as it is written, if it has just one and nothing bounds it. */
  private static Optional<String> single(String said) {
    if (Hedge.isIn(said)) {
      return Optional.empty();
    }
    String plain = ASIDE.matcher(said).replaceAll("");
    String claimed = DIGIT.matcher(plain).find() ? plain : said;
    return agreed(NumberFragment.all(behindEquals(claimed)))
        .or(() -> behindCopula(claimed).flatMap(tail -> agreed(NumberFragment.all(tail))));
  }

  private static String behindEquals(String said) {
    String tail = said.substring(said.lastIndexOf('=') + 1);
    return DIGIT.matcher(tail).find() ? tail : said;
  }

  private static Optional<String> behindCopula(String said) {
    Matcher copula = COPULA.matcher(said);
    return copula.matches() && DIGIT.matcher(copula.group(1)).find()
        ? Optional.of(copula.group(1))
        : Optional.empty();
  }

  private static Optional<String> agreed(List<NumberFragment> fragments) {
    long values = fragments.stream().map(NumberFragment::value).distinct().count();
    return values == 1 && fragments.get(0).value().isPresent()
        ? Optional.of(fragments.get(0).text())
        : Optional.empty();
  }

  /** The value of a text that is one number, with units or words around it. */
  static Optional<Rational> only(String text) {
    if (text.length() > SENTENCE) {
      return Optional.empty();
    }
    List<NumberFragment> fragments = NumberFragment.all(behindEquals(text));
    return agreed(fragments).flatMap(found -> fragments.get(0).value());
  }

  /** The last number of a text; none where its sentence hedges or denies it. */
  static Optional<String> last(String text) {
    int at = text.length() - 1;
    while (at >= 0 && !Character.isDigit(text.charAt(at))) {
      at--;
    }
    if (at < 0) {
      return Optional.empty();
    }
    int line = text.indexOf('\n', at);
    int end = line < 0 ? text.length() : line;
    String before = text.substring(Math.max(0, at - SENTENCE), Math.min(end, at + SENTENCE));
    String sentence = lastSentence(before, at - Math.max(0, at - SENTENCE));
    String said = BULLET.matcher(sentence).replaceFirst("");
    if (Hedge.endsOpen(said)) {
      return Optional.empty();
    }
    List<NumberFragment> fragments = NumberFragment.all(said);
    return fragments.isEmpty()
        ? Optional.empty()
        : Optional.of(fragments.get(fragments.size() - 1))
            .filter(found -> found.value().isPresent())
            .map(NumberFragment::text);
  }

  private static String lastSentence(String text, int digit) {
    Matcher boundary = SENTENCE_START.matcher(text);
    int start = 0;
    while (boundary.find() && boundary.end() <= digit) {
      start = boundary.end();
    }
    return text.substring(start);
  }
}
