package malt.problem.math;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import malt.problem.AnswerMarkers;

/** Finds the final answer in the text of a solution. */
final class MathExtractor {
  private static final int MAX_GAP = 60;
  private static final int MAX_WORDS = 200;
  private static final Pattern JOINT =
      Pattern.compile("(?s)(?:.*(?:\\b(?:and|or)\\b|,))?[^\\p{L}\\d]*");
  private static final Pattern SPACING =
      Pattern.compile("\\\\(?:q?quad|text|mbox|[\\[\\]()])|[${}\\s]");
  private static final Pattern SENTENCE_END =
      Pattern.compile("\\.\\s+(?=[A-Z<])|<\\||\\bI hope\\b");
  private static final Pattern IS =
      Pattern.compile("\\b(?:is|are|equals?|be|by)\\s(?!.*\\b(?:is|are|equals?|be|by)\\s)");
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<![a-zA-Z\\d.,_])-?\\d++(?:[,.]\\d++)*+(?:/\\d++)?+(?: ?\\\\?%)?+(?![a-zA-Z])");

  private MathExtractor() {}

  /**
   * The answer that the text marks as final.
   *
   * @param lenient take what stands last where nothing is marked
   */
  static Optional<String> extract(String text, boolean lenient) {
    Optional<String> spoken = afterThought(AnswerMarkers.window(text));
    if (spoken.isEmpty()) {
      return Optional.empty();
    }
    String said = spoken.get();
    List<Box> boxes = boxes(said);
    int box = boxes.isEmpty() ? -1 : boxes.get(boxes.size() - 1).start();
    int marker = AnswerMarkers.finalAnswerAt(said);
    Optional<String> marked =
        marker > box
            ? AnswerMarkers.afterFinalAnswer(said).flatMap(MathExtractor::stated)
            : Optional.empty();
    return marked
        .or(() -> joined(said, boxes))
        .or(() -> AnswerMarkers.afterFinalAnswer(said).flatMap(MathExtractor::stated))
        .or(() -> lenient ? openBox(said) : Optional.empty())
        .or(() -> AnswerMarkers.afterAnswerIs(said).flatMap(MathExtractor::stated))
        .or(() -> lenient ? last(said) : Optional.empty());
  }

  /** What follows a model's thoughts; nothing where the thinking was cut off. */
  private static Optional<String> afterThought(String text) {
    int end = text.lastIndexOf("</think>");
    if (end >= 0) {
      return Optional.of(text.substring(end + "</think>".length()));
    }
    return text.contains("<think>") ? Optional.empty() : Optional.of(text);
  }

  /** A box: its content and where the command starts and the box ends. */
  private record Box(int start, int end, String content) {}

  /** All outermost boxes whose braces close, in order; one pass. */
  private static List<Box> boxes(String text) {
    List<Box> boxes = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() && "{}".indexOf(text.charAt(i + 1)) >= 0) {
        i++;
      } else if (c == '{') {
        int command = command(text, i);
        open.add(command < 0 ? -i - 1 : command);
      } else if (c == '}' && !open.isEmpty()) {
        int start = open.remove(open.size() - 1);
        if (start >= 0) {
          boxes.removeIf(inner -> inner.start() > start);
          boxes.add(new Box(start, i + 1, text.substring(text.indexOf('{', start) + 1, i)));
        }
      }
    }
    return boxes;
  }

  private static int command(String text, int brace) {
    int end = brace;
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.startsWith("\\boxed", end - 6)
        ? end - 6
        : text.startsWith("\\fbox", end - 5) ? end - 5 : -1;
  }

  /** The last box with those right before it that "and" or a comma joins to it. */
  private static Optional<String> joined(String text, List<Box> boxes) {
    if (boxes.isEmpty()) {
      return Optional.empty();
    }
    int first = boxes.size() - 1;
    while (first > 0 && isJoint(text, boxes.get(first - 1).end(), boxes.get(first).start())) {
      first--;
    }
    Set<String> contents = new LinkedHashSet<>();
    for (Box box : boxes.subList(first, boxes.size())) {
      contents.add(box.content().strip());
    }
    String answer = String.join(", ", contents);
    return answer.isBlank() ? Optional.empty() : Optional.of(answer);
  }

  private static boolean isJoint(String text, int from, int to) {
    if (from > to || to - from > MAX_GAP) {
      return false;
    }
    String gap = SPACING.matcher(text.substring(from, to)).replaceAll(" ").strip();
    return !gap.isEmpty() && !gap.contains(".") && JOINT.matcher(gap).matches();
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

  /** The answer in a sentence that states it. */
  private static Optional<String> stated(String sentence) {
    Matcher end = SENTENCE_END.matcher(sentence);
    String said =
        (end.find() ? sentence.substring(0, end.start()) : sentence).replace("\\\"", "\"").strip();
    while (!said.isEmpty() && ".\"'*`".indexOf(said.charAt(said.length() - 1)) >= 0) {
      said = said.substring(0, said.length() - 1).strip();
    }
    if (said.isEmpty() || said.equals("\\")) {
      return Optional.empty();
    }
    List<Box> boxes = boxes(said);
    if (!boxes.isEmpty()) {
      return joined(said, boxes);
    }
    Optional<String> readable = readable(said);
    return readable.isPresent() || said.length() > MAX_WORDS ? readable : Optional.of(said);
  }

  private static Optional<String> readable(String said) {
    if (MathEquality.isReadable(said)) {
      return Optional.of(said);
    }
    String quoted = said.replace("\"", "");
    if (MathEquality.isReadable(quoted)) {
      return Optional.of(quoted);
    }
    Matcher is = IS.matcher(said);
    if (is.find()) {
      String rest = said.substring(is.end()).strip();
      if (MathEquality.isReadable(rest)) {
        return Optional.of(rest);
      }
    }
    return lastFormula(said).or(() -> lastNumber(said));
  }

  /** Without a mark: all of the text if it is an answer, else its last formula or number. */
  private static Optional<String> last(String text) {
    String said = text.strip();
    if (said.isEmpty()) {
      return Optional.empty();
    }
    if (MathEquality.isReadable(said)) {
      return Optional.of(said);
    }
    Optional<String> formula = lastFormula(said);
    if (formula.isPresent() && text.indexOf(formula.get()) >= 0) {
      int end = text.lastIndexOf(formula.get()) + formula.get().length();
      Optional<String> later = lastNumber(text.substring(end));
      return later.isPresent() ? later : formula;
    }
    return lastNumber(said)
        .or(() -> said.length() <= MAX_WORDS ? Optional.of(said) : Optional.empty());
  }

  private static Optional<String> lastFormula(String text) {
    List<String> formulas = formulas(text);
    for (int i = formulas.size() - 1; i >= Math.max(0, formulas.size() - 3); i--) {
      if (MathEquality.isReadable(formulas.get(i))) {
        return Optional.of(formulas.get(i));
      }
    }
    return Optional.empty();
  }

  /** What stands between dollar signs or LaTeX's own delimiters, in order. */
  private static List<String> formulas(String text) {
    List<String> formulas = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        char next = text.charAt(++i);
        if (next == '(' || next == '[') {
          open = i + 1;
        } else if ((next == ')' || next == ']') && open >= 0) {
          formulas.add(text.substring(open, i - 1));
          open = -1;
        }
      } else if (c == '$') {
        if (open >= 0 && i > open) {
          formulas.add(text.substring(open, i));
          open = -1;
        } else {
          open = i + 1;
        }
        if (i + 1 < text.length() && text.charAt(i + 1) == '$') {
          i++;
          open = open < 0 ? -1 : i + 1;
        }
      }
    }
    return formulas;
  }

  private static Optional<String> lastNumber(String text) {
    Matcher matcher = NUMBER.matcher(text);
    Optional<String> last = Optional.empty();
    while (matcher.find()) {
      last = Optional.of(matcher.group());
    }
    return last;
  }
}
