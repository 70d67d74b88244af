package malt.problem.math;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
  private static final int CANONICAL_DIGITS = 20;

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
        || equalTrees(a, b)
        || ((isDecimalComma(a) || isDecimalComma(b)) && equalTrees(withPoint(a), withPoint(b)));
  }

  private static boolean equalTrees(String a, String b) {
    Optional<Node> reference = parse(a);
    Optional<Node> answer = parse(b);
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

  private static Optional<Node> parse(String normalized) {
    try {
      return Optional.of(AnswerParser.parse(normalized, true));
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

  /** A key that is the same for answers that are equal as expressions, lists or tuples of them. */
  static String canonical(String answer) {
    if (answer.length() > MAX_LENGTH) {
      return answer.strip();
    }
    String normalized = LatexText.normalize(answer);
    return parse(normalized)
        .map(node -> canonical(node, new ExpressionEquality()))
        .orElseGet(() -> LatexText.key(normalized));
  }

  private static String canonical(Node node, ExpressionEquality expressions) {
    List<Node> items = Answers.flat(node);
    if (items.size() > 1) {
      return sorted(items, expressions);
    }
    Node answer = Answers.labelled(items.get(0)).answer();
    if (answer instanceof Node.SetOf set) {
      return sorted(set.items(), expressions);
    } else if (answer instanceof Node.Bracketed tuple) {
      return tuple.items().stream()
          .map(item -> canonical(item, expressions))
          .collect(
              Collectors.joining(
                  ", ", String.valueOf(tuple.open()), String.valueOf(tuple.close())));
    } else if (answer instanceof Node.Percent percent) {
      return canonical(percent.operand(), expressions);
    }
    return expressions
        .value(answer, 1)
        .map(value -> value(answer, value))
        .orElseGet(() -> Printer.print(answer));
  }

  private static String sorted(List<Node> items, ExpressionEquality expressions) {
    return items.stream()
        .map(item -> canonical(item, expressions))
        .sorted()
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String value(Node answer, Value value) {
    String text;
    if (value instanceof Value.Exact exact) {
      text = exact.value().toString();
    } else {
      Complex z = ((Value.Approximate) value).value();
      text = rounded(z.re()) + (z.isReal() ? "" : " + " + rounded(z.im()) + "i");
    }
    return Constants.isConstant(answer) ? text : "f: " + text;
  }

  private static String rounded(BigDecimal x) {
    return x.setScale(CANONICAL_DIGITS, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }
}
