package malt.problem;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a mark speaks of: the rest of its sentence, or the next line that says anything; a display,
 * a code block or an environment as a whole, however many lines it takes.
 *
 * @param end where it ends in the text
 * @param asked whether it ends in a question mark, which states nothing
 */
public record Segment(String words, int end, boolean asked) {
  private static final int LENGTH = 1_000;
  private static final Pattern DECORATION =
      Pattern.compile(
          "(?:\\s*\\n[ \\t]*(?:[-+*\u2022]|\\d{1,2}[.)])[ \\t]+(?=\\S)(?!.{0,3}\\n)"
              + "|(?<=\\n)(?:[-+*\u2022])[ \\t]+(?=\\S)"
              + "|(?<=\\n)>|[\\s:*_\"'`~#\u201c\u2014]|(?<!\\\\)\\\\(?=[\"n]))*+");
  private static final Pattern FENCE = Pattern.compile("[\\s:*_]*```[a-z]{0,12}[ \\t]*\\n");
  private static final Pattern ENVIRONMENT = Pattern.compile("\\\\begin ?\\{([a-zA-Z]+\\*?)}");
  private static final Pattern SENTENCE_END =
      Pattern.compile(
          "(?<!\\b(?:Mr|Mrs|Ms|Dr|St|No|vs|approx))(?<=\\S)([.?!\u3002])[\"')*_`\u201d]*"
              + "(?:(?=\\s+(?:[A-Z<$(\"*#\\[]|\\\\[(\\[]))|\\s*$|(?<=\u3002.{0,3}))"
              + "|<\\||</?[a-z]{2,}>|\\bI hope\\b");

  /**
   * The segment behind a mark that ends at {@code from}; it ends at the next mark at the latest.
   */
  static Segment after(String text, int from, int next) {
    int limit = Math.min(next, from + LENGTH);
    Matcher fence = FENCE.matcher(text).region(from, limit);
    if (fence.lookingAt()) {
      return until("```", text, fence.end(), limit);
    }
    Matcher decoration = DECORATION.matcher(text).region(from, limit);
    int start = decoration.lookingAt() ? decoration.end() : from;
    if (start + 2 <= limit && text.startsWith("\\[", start)) {
      return until("\\]", text, start + 2, limit);
    }
    if (start + 2 <= limit && text.startsWith("$$", start)) {
      return until("$$", text, start + 2, limit);
    }
    return sentence(text, start, lineEnd(text, start, limit));
  }

  private static Segment until(String close, String text, int start, int limit) {
    int end = find(close, text, start, limit);
    int stop = end < 0 ? lineEnd(text, start, limit) : end;
    String words = text.substring(start, stop).replace('\n', ' ').strip();
    return new Segment(words, end < 0 ? stop : stop + close.length(), false);
  }

  private static int find(String wanted, String text, int start, int limit) {
    int at = text.substring(start, limit).indexOf(wanted);
    return at < 0 ? -1 : start + at;
  }

  /** The end of the line, past line breaks within braces and environments. */
  private static int lineEnd(String text, int start, int limit) {
    int depth = 0;
    int first = -1;
    for (int i = start; i < limit; i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        Matcher environment = ENVIRONMENT.matcher(text).region(i, limit);
        if (environment.lookingAt()) {
          String close = "\\end{" + environment.group(1) + "}";
          int end = find(close, text, i, limit);
          i = end < 0 ? i : end + close.length() - 1;
        } else {
          i++;
        }
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      } else if (c == '\n') {
        if (depth <= 0) {
          return i;
        }
        first = first < 0 ? i : first;
      }
    }
    return first < 0 || depth <= 0 ? limit : first;
  }

  /** The rest of the line. */
  static Segment line(String text, int from, int next) {
    int limit = Math.min(next, from + LENGTH);
    Matcher decoration = DECORATION.matcher(text).region(from, limit);
    int start = decoration.lookingAt() ? decoration.end() : from;
    int end = lineEnd(text, start, limit);
    return new Segment(text.substring(start, end).replace('\n', ' ').strip(), end, false);
  }

  /** The first sentence of a line. */
  public static String first(String line) {
    Matcher stop = SENTENCE_END.matcher(line);
    return stop.find() ? line.substring(0, stop.start()).strip() : line;
  }

  private static Segment sentence(String text, int start, int end) {
    String line = text.substring(start, end).replace('\n', ' ');
    Matcher stop = SENTENCE_END.matcher(line);
    if (!stop.find()) {
      return new Segment(line.strip(), end, false);
    }
    boolean asked = "?".equals(stop.group(1));
    return new Segment(line.substring(0, stop.start()).strip(), start + stop.end(), asked);
  }
}
