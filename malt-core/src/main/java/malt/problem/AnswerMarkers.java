package malt.problem;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a text states its final answer. Only the last {@value #WINDOW} characters are looked at:
 * answers stand at the end.
 */
public final class AnswerMarkers {
  static final int WINDOW = 65_536;
  private static final int SEGMENT = 1_000;

  private static final Pattern FINAL_ANSWER =
      Pattern.compile(
          "\\bfinal answer\\b[\\s*_\"'`)]{0,8}(?:is\\b[\\s*_]{0,8})?:|\\bfinal answer is\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern ANSWER_IS =
      Pattern.compile(
          "\\banswer\\b[\\s*_\"'`)]{0,8}(?:(?:is|are|was)\\b|[:=])|(?<![^\n])A:",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern JSON_FIELD = Pattern.compile("\"(?:final_)?answer\" ?: ?");
  private static final Pattern DECORATION = Pattern.compile("^[\\s:*_\"'`>~]++");

  private AnswerMarkers() {}

  /** The part of a text that is looked at. */
  public static String window(String text) {
    return text.length() <= WINDOW ? text : text.substring(text.length() - WINDOW);
  }

  /** What follows the last {@code ####} on its line (or on the next line that says anything). */
  public static Optional<String> afterHashes(String text) {
    int at = text.lastIndexOf("####");
    return at < 0 ? Optional.empty() : Optional.of(line(text, at + 4));
  }

  /** What follows the last {@code "answer":} of a JSON object, whole or broken. */
  public static Optional<String> afterJsonField(String text) {
    return after(JSON_FIELD, text);
  }

  /** What follows the last "Final Answer:"; a doubled marker counts once. */
  public static Optional<String> afterFinalAnswer(String text) {
    return after(FINAL_ANSWER, text);
  }

  /** Where the last "Final Answer:" starts; -1 where there is none. */
  public static int finalAnswerAt(String text) {
    Matcher matcher = FINAL_ANSWER.matcher(text);
    int start = -1;
    while (matcher.find()) {
      start = matcher.start();
    }
    return start;
  }

  /** What follows the last "the answer is", "Answer:", or "A:" at the start of a line. */
  public static Optional<String> afterAnswerIs(String text) {
    return after(ANSWER_IS, text);
  }

  /** The content of the last {@code \boxed{...}} or {@code \fbox{...}}, braces balanced. */
  public static Optional<String> boxed(String text) {
    int at = Math.max(text.lastIndexOf("\\boxed{"), text.lastIndexOf("\\fbox{"));
    if (at < 0) {
      return Optional.empty();
    }
    int start = text.indexOf('{', at) + 1;
    int depth = 1;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        return Optional.of(text.substring(start, i));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> after(Pattern marker, String text) {
    Matcher matcher = marker.matcher(text);
    int end = -1;
    while (matcher.find()) {
      end = matcher.end();
    }
    return end < 0 ? Optional.empty() : Optional.of(line(text, end));
  }

  /** The rest of the line, or the next line that says anything; without leading decoration. */
  private static String line(String text, int from) {
    String rest = text.substring(from, Math.min(text.length(), from + SEGMENT));
    String said = DECORATION.matcher(rest).replaceFirst("");
    int end = said.indexOf('\n');
    return (end < 0 ? said : said.substring(0, end)).strip();
  }
}
