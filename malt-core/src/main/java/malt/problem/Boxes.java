package malt.problem;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The boxes of a text, {@code \boxed{}} and {@code \fbox{}}. */
public final class Boxes {
  private static final int MAX_GAP = 60;
  private static final Pattern JOINT =
      Pattern.compile("(?s)(?:.*(?:\\b(?:and|or)\\b|,))?[^\\p{L}\\d]*");
  private static final Pattern SPACING =
      Pattern.compile("\\\\(?:q?quad|text|mbox|[\\[\\](),;:! ])|[${}\\s]");

  /** What hangs on to a box from outside: "or 8", "7 or". */
  private static final Pattern ELSE =
      Pattern.compile(
          "^[\\s$)*]*(?:\\\\[)\\]]\\s*)?(?:or|to)\\s+[\\s$(\\\\*]*(-?\\d[\\d.,]*+|[A-Z]\\b)");

  private static final Pattern EITHER =
      Pattern.compile("(-?\\d[\\d.,]*+|\\b[A-Z])[\\s$)*]*(?:or|to)[\\s$(\\\\*]*$");

  private static final Pattern DENIED =
      Pattern.compile(
          "(?:\\bnot|n't|\\bcannot|\\bnever|\\brather than|\\binstead of|\\bother than)"
              + "(?: be| equal(?: to)?)?[\\s:$(\\\\*]*$",
          Pattern.CASE_INSENSITIVE);

  /** A box: its content and where the command starts and the box ends. */
  record Box(int start, int end, String content) {}

  private Boxes() {}

  /** The content of the last box whose braces close. */
  public static Optional<String> last(String text) {
    List<Box> boxes = of(text);
    return boxes.isEmpty() ? Optional.empty() : Optional.of(boxes.get(boxes.size() - 1).content());
  }

  /** All outermost boxes whose braces close, in order; one pass. */
  static List<Box> of(String text) {
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
          while (!boxes.isEmpty() && boxes.get(boxes.size() - 1).start() > start) {
            boxes.remove(boxes.size() - 1);
          }
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

  /** The boxes as statements; those that "and", "or", a comma or nothing joins are one. */
  static List<Statement> statements(String text) {
    List<Statement> statements = new ArrayList<>();
    List<Box> boxes = of(text);
    int first = 0;
    while (first < boxes.size()) {
      int last = first;
      while (last + 1 < boxes.size() && isJoint(text, boxes.get(last), boxes.get(last + 1))) {
        last++;
      }
      add(statements, text, boxes.subList(first, last + 1));
      first = last + 1;
    }
    return statements;
  }

  /** One statement; of boxes side by side that repeat each other the last is one by itself. */
  private static void add(List<Statement> statements, String text, List<Box> joined) {
    Set<String> contents = new LinkedHashSet<>();
    joined.forEach(box -> contents.add(box.content().strip()));
    Box last = joined.get(joined.size() - 1);
    boolean tries = contents.size() < joined.size() && isBare(text, joined);
    Box first = tries ? last : joined.get(0);
    String words = tries ? last.content().strip() : String.join(", ", contents);
    if (!words.isBlank()) {
      statements.add(statement(text, words, first.start(), last.end()));
    }
  }

  private static boolean isBare(String text, List<Box> joined) {
    for (int i = 1; i < joined.size(); i++) {
      if (!said(text, joined.get(i - 1), joined.get(i)).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private static Statement statement(String text, String words, int start, int end) {
    String before = text.substring(Math.max(0, start - MAX_GAP), start);
    String after = text.substring(end, Math.min(text.length(), end + MAX_GAP));
    Matcher either = EITHER.matcher(before);
    Matcher other = ELSE.matcher(after);
    String all =
        (either.find() ? either.group(1) + " or " : "")
            + words
            + (other.find() ? " or " + other.group(1) : "");
    return new Statement(Mark.BOX, DENIED.matcher(before).find(), all, start, end);
  }

  /** What stands between two boxes, without spacing. */
  private static String said(String text, Box left, Box right) {
    return SPACING.matcher(text.substring(left.end(), right.start())).replaceAll(" ").strip();
  }

  private static boolean isJoint(String text, Box left, Box right) {
    int length = right.start() - left.end();
    if (length < 0 || length > MAX_GAP) {
      return false;
    }
    String said = said(text, left, right);
    return said.isEmpty()
        ? text.substring(left.end(), right.start()).indexOf('\n') < 0
        : !said.contains(".") && JOINT.matcher(said).matches();
  }
}
