package malt.problem.math;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import malt.problem.Claim;
import malt.problem.Hedge;
import malt.problem.Mark;
import malt.problem.Reading;
import malt.problem.Segment;
import malt.problem.Statement;

/** Reads the formula that a statement, or the end of a text, says. */
final class MathText {
  private static final int MAX_WORDS = 200;
  private static final String PAIRED = "\"'*`_\u201c\u201d";
  private static final String OPENING = "\"*`\u201c";
  private static final String CLOSING = "\"*`\u201d.\u3002";
  private static final Pattern IS =
      Pattern.compile("\\b(?:is|are|equals?|be|by)\\s(?!.*\\b(?:is|are|equals?|be|by)\\s)");
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<![a-zA-Z\\d.,_])-?\\d++(?:[,.]\\d++)*+(?:/\\d++)?+(?: ?\\\\?%)?+(?![a-zA-Z])");
  private static final Pattern BOTH =
      Pattern.compile("^(?:either|both)\\s+", Pattern.CASE_INSENSITIVE);
  private static final Pattern BETWEEN =
      Pattern.compile("^(?:somewhere )?(?:between|at least|at most)\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern JOINED = Pattern.compile("[\\s,]*(?:,|\\bor\\b|\\band\\b)\\s*");
  private static final Pattern HEADING = Pattern.compile("\\d{1,3}[.):]\\s+\\S.*", Pattern.DOTALL);
  private static final Pattern SENTENCE_START = Pattern.compile("[.?!]\\s+(?=[A-Z$\\\\(])|\\n");

  private MathText() {}

  /** What a statement says. */
  static Reading read(Statement statement) {
    String said =
        statement.mark() == Mark.BOX ? unquoted(statement.words()) : bare(statement.words());
    if (said.isEmpty() || said.equals("\\")) {
      return Reading.SILENT;
    }
    return switch (statement.mark()) {
      case BOX -> statement.denied() ? Reading.denied(said) : Reading.stated(said);
      case HASHES ->
          HEADING.matcher(said).matches()
              ? Reading.SILENT
              : readable(Segment.first(said)).map(Reading::stated).orElse(Reading.SILENT);
      case CHOSEN -> Reading.SILENT;
      case TAG, FIELD, FINAL, NAMED, BEHIND -> sentence(statement, said);
    };
  }

  private static Reading sentence(Statement statement, String words) {
    String said =
        statement.mark() == Mark.FIELD ? words.replace("\\\\", "\\") : words.replace("\\\"", "\"");
    Claim claim = Claim.of(said, statement.denied());
    if (claim.denied()) {
      Optional<String> denied = readable(claim.words());
      if (denied.isPresent()) {
        return Reading.denied(denied.get());
      }
    }
    if (BETWEEN.matcher(said).find()) {
      return Reading.UNCLEAR;
    }
    String claimed = claim.denied() ? said : claim.words();
    String bare = Claim.withoutReason(claimed);
    Optional<String> stated = readable(claimed).or(() -> readable(bare)).or(() -> picked(bare));
    if (stated.isPresent()) {
      return Reading.stated(stated.get());
    }
    if (said.length() > MAX_WORDS || statement.mark() == Mark.BEHIND) {
      return statement.mark().isFirm() ? Reading.UNCLEAR : Reading.SILENT;
    }
    return statement.mark().isFirm() ? Reading.stated(said) : Reading.supposed(said);
  }

  /** Without quotes, Markdown and the full stop around it. */
  static String bare(String words) {
    int start = 0;
    int end = words.length();
    while (start < end && (isBlank(words, start) || OPENING.indexOf(words.charAt(start)) >= 0)) {
      start++;
    }
    while (start < end
        && (isBlank(words, end - 1) || CLOSING.indexOf(words.charAt(end - 1)) >= 0)) {
      end--;
    }
    boolean quoted =
        end - start > 2 && words.charAt(start) == '\'' && words.charAt(end - 1) == '\'';
    return quoted ? bare(words.substring(start + 1, end - 1)) : words.substring(start, end);
  }

  /** Without pairs of quotes and of Markdown around it. */
  private static String unquoted(String words) {
    String said = words.strip();
    while (said.length() > 2
        && PAIRED.indexOf(said.charAt(0)) >= 0
        && PAIRED.indexOf(said.charAt(said.length() - 1)) >= 0) {
      said = said.substring(1, said.length() - 1).strip();
    }
    return said;
  }

  private static boolean isBlank(String text, int at) {
    return Character.isWhitespace(text.charAt(at));
  }

  /** All of it, or what it says behind its last "is", if that is an answer. */
  private static Optional<String> readable(String words) {
    String said = BOTH.matcher(bare(words)).replaceFirst("");
    if (MathEquality.isReadable(said)) {
      return Optional.of(said);
    }
    String quoted = said.replace("\"", "");
    if (MathEquality.isReadable(quoted)) {
      return Optional.of(quoted);
    }
    Matcher is = IS.matcher(said);
    return is.find() && MathEquality.isReadable(said.substring(is.end()).strip())
        ? Optional.of(said.substring(is.end()).strip())
        : Optional.empty();
  }

  /** The formula among words, or the number if there is just one. */
  private static Optional<String> picked(String said) {
    return lastFormula(said)
        .or(
            () -> {
              Set<String> numbers = new LinkedHashSet<>();
              Matcher number = NUMBER.matcher(said);
              while (number.find()) {
                numbers.add(number.group());
              }
              return numbers.size() == 1 ? numbers.stream().findFirst() : Optional.empty();
            });
  }

  /** By position: all of the text if it is an answer, else its last formula or number. */
  static Optional<String> last(String text) {
    String said = bare(text);
    if (said.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> open = openBox(said);
    if (open.isPresent()) {
      return open;
    }
    if (MathEquality.isReadable(said)) {
      return Optional.of(said);
    }
    Optional<String> formula = lastFormula(said);
    int at = formula.map(said::lastIndexOf).orElse(-1);
    if (at >= 0) {
      Optional<String> later = lastNumber(said.substring(at + formula.get().length()));
      return later.isPresent() ? later : formula;
    }
    return formula
        .or(() -> lastNumber(said))
        .or(() -> said.length() <= MAX_WORDS ? Optional.of(said) : Optional.empty());
  }

  /** The rest of the line after a last box that does not close. */
  private static Optional<String> openBox(String text) {
    int at = text.lastIndexOf("\\boxed{");
    if (at < 0) {
      return Optional.empty();
    }
    String rest = text.substring(at + "\\boxed{".length()).strip();
    int line = rest.indexOf('\n');
    String content = line < 0 ? rest : rest.substring(0, line);
    return content.isBlank() ? Optional.empty() : Optional.of(content);
  }

  /** The last readable formula; with those before it that commas, "or" and "and" join to it. */
  private static Optional<String> lastFormula(String text) {
    List<Formula> formulas = formulas(text);
    for (int i = formulas.size() - 1; i >= Math.max(0, formulas.size() - 3); i--) {
      if (MathEquality.isReadable(formulas.get(i).content())) {
        int first = i;
        while (first > 0 && isJoint(text, formulas.get(first - 1), formulas.get(first))) {
          first--;
        }
        return Optional.of(
            String.join(
                ", ", formulas.subList(first, i + 1).stream().map(Formula::content).toList()));
      }
    }
    return Optional.empty();
  }

  private static boolean isJoint(String text, Formula left, Formula right) {
    return left.end() <= right.start()
        && JOINED.matcher(text.substring(left.end(), right.start())).matches()
        && MathEquality.isReadable(left.content());
  }

  /** What stands between delimiters, with the place of these. */
  private record Formula(int start, int end, String content) {}

  /** What stands between dollar signs or LaTeX's own delimiters, in order. */
  private static List<Formula> formulas(String text) {
    List<Formula> formulas = new ArrayList<>();
    int open = -1;
    int start = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        char next = text.charAt(++i);
        if (next == '(' || next == '[') {
          start = i - 1;
          open = i + 1;
        } else if ((next == ')' || next == ']') && open >= 0) {
          formulas.add(new Formula(start, i + 1, text.substring(open, i - 1)));
          open = -1;
        }
      } else if (c == '$') {
        boolean doubled = i + 1 < text.length() && text.charAt(i + 1) == '$';
        int end = i + (doubled ? 2 : 1);
        if (open >= 0 && i > open) {
          formulas.add(new Formula(start, end, text.substring(open, i)));
          open = -1;
        } else {
          start = i;
          open = end;
        }
        i = end - 1;
      }
    }
    return formulas;
  }

  private static Optional<String> lastNumber(String text) {
    Matcher matcher = NUMBER.matcher(text);
    int start = -1;
    int end = -1;
    while (matcher.find()) {
      start = matcher.start();
      end = matcher.end();
    }
    if (start < 0) {
      return Optional.empty();
    }
    Matcher boundary = SENTENCE_START.matcher(text).region(Math.max(0, start - MAX_WORDS), start);
    int sentence = Math.max(0, start - MAX_WORDS);
    while (boundary.find()) {
      sentence = boundary.end();
    }
    return Hedge.endsOpen(text.substring(sentence, end))
        ? Optional.empty()
        : Optional.of(text.substring(start, end));
  }
}
