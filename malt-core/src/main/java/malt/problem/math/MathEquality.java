package malt.problem.math;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Equality of mathematical answers in LaTeX or plain text.
 *
 * <p>Texts that differ only in spacing and type are equal. Others are parsed and compared as trees;
 * what cannot be parsed is different. Texts over {@value #MAX_LENGTH} characters are compared as
 * they are.
 */
final class MathEquality {
  static final int MAX_LENGTH = 20_000;
  private static final Pattern DECIMAL_COMMA = Pattern.compile("(-?\\d+),(\\d{2,})");
  private static final Pattern PROSE =
      Pattern.compile("(?<![\\\\a-zA-Z{])(?!(?:or|and)\\b)[a-zA-Z]{2,} +(?:[a-zA-Z]{2,}|\\$)");

  private static final Pattern LIST = Pattern.compile(", |\\\\text ?\\{ ?(?:and|or) ?}");

  private MathEquality() {}

  static boolean equal(String reference, String answer) {
    if (reference.isBlank() || answer.isBlank()) {
      return false;
    }
    if (reference.length() > MAX_LENGTH || answer.length() > MAX_LENGTH) {
      return reference.strip().equals(answer.strip());
    }
    String a = LatexText.normalize(reference);
    String b = LatexText.normalize(answer);
    String key = LatexText.key(a);
    return (!key.isEmpty() && key.equals(LatexText.key(b)))
        || equalTrees(a, b, true)
        || (isList(a) != isList(b) && equalTrees(a, b, false))
        || ((isDecimalComma(a) || isDecimalComma(b))
            && equalTrees(withPoint(a), withPoint(b), true));
  }

  /** "216; 343" is a list, however "216,343" is read alone. */
  private static boolean isList(String normalized) {
    return normalized.contains(";") || LIST.matcher(normalized).find();
  }

  private static boolean equalTrees(String a, String b, boolean thousands) {
    Optional<Node> reference = parse(a, thousands);
    Optional<Node> answer = parse(b, thousands);
    return reference.isPresent()
        && answer.isPresent()
        && AnswerEquality.equal(reference.get(), answer.get());
  }

  private static boolean isDecimalComma(String number) {
    return DECIMAL_COMMA.matcher(number).matches();
  }

  /** "2,74" is two numbers, or one with a decimal comma. */
  private static String withPoint(String number) {
    return isDecimalComma(number) ? number.replace(',', '.') : number;
  }

  static Optional<Node> parse(String normalized) {
    return parse(normalized, true);
  }

  private static Optional<Node> parse(String normalized, boolean thousands) {
    try {
      return Optional.of(AnswerParser.parse(normalized, thousands));
    } catch (UnreadableException e) {
      return Optional.empty();
    }
  }

  /** Whether the text is an answer in mathematical notation, units allowed, words not. */
  static boolean isReadable(String answer) {
    return answer.length() <= MAX_LENGTH
        && !PROSE.matcher(answer).find()
        && parse(LatexText.normalize(answer))
            .filter(node -> !Printer.print(node).contains("\""))
            .isPresent();
  }
}
