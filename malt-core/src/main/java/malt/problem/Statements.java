package malt.problem;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A response read once: its text without thoughts, up to where the model goes on to a new question,
 * and what is stated there, in order; the last {@value #MAX} statements if there are more.
 *
 * @param text what is looked at, the last {@value AnswerText#WINDOW} characters at most
 * @param truncated cut at the token limit
 */
record Statements(String text, boolean truncated, List<Statement> all) {
  private static final int MAX = 200;
  private static final int CLAUSE = 120;
  private static final Pattern CALCULATION = Pattern.compile("=[^\\p{L}\\n]{0,9}\\d");
  private static final Pattern CLAUSE_START = Pattern.compile("[.?!\\n;:](?=\\s)|\\n");
  private static final Pattern TAG_END = Pattern.compile("</|\\n", Pattern.CASE_INSENSITIVE);
  private static final Pattern FIELD_END = Pattern.compile(",\\s*\"|[}\\n]");
  private static final Pattern FIELD_TEXT = Pattern.compile("\\s*\"((?:[^\"\\\\\\n]|\\\\.)*)");

  Statements {
    all = List.copyOf(all);
  }

  static Statements of(Response response, Marks marks) {
    String said = AnswerText.of(response.text());
    List<Marks.Place> places = marks.in(said);
    String text = said.substring(0, end(said, places));
    boolean cut = response.truncated() && text.length() == said.length();
    List<Statement> stated = marked(text, places, Boxes.statements(text));
    return new Statements(text, cut, stated);
  }

  /** Where the answer ends: before the first new question behind something stated or computed. */
  private static int end(String said, List<Marks.Place> places) {
    Matcher calculation = CALCULATION.matcher(said);
    int stated = calculation.find() ? calculation.end() : said.length();
    for (Marks.Place place : places) {
      if (place.mark() != null) {
        stated = Math.min(stated, place.end());
      } else if (stated <= place.start()) {
        return place.start();
      }
    }
    return said.length();
  }

  /** Whether more of the statement cannot have been cut off with the rest of the text. */
  boolean isClosed(Statement statement) {
    return !truncated
        || statement.mark() == Mark.BOX
        || statement.end() < text.stripTrailing().length();
  }

  /** Of a mark within what another one states only the inner is read; boxes are the innermost. */
  private static List<Statement> marked(
      String text, List<Marks.Place> places, List<Statement> boxes) {
    List<Statement> stated = new ArrayList<>(boxes);
    int box = 0;
    for (int i = 0; i < places.size() && places.get(i).end() <= text.length(); i++) {
      Marks.Place place = places.get(i);
      while (box < boxes.size() && boxes.get(box).start() < place.start()) {
        box++;
      }
      boolean inBox = box > 0 && place.start() < boxes.get(box - 1).end();
      if (place.mark() == null || place.mark() == Mark.BOX || inBox) {
        continue;
      }
      int next = i + 1 < places.size() ? places.get(i + 1).start() : text.length();
      Statement statement = statement(text, place, Math.min(next, text.length()));
      boolean outer = next < text.length() && statement.end() >= next;
      if (!outer && !statement.words().isEmpty()) {
        stated.add(statement);
      }
    }
    stated.sort(Comparator.comparingInt(Statement::start));
    return stated.subList(Math.max(0, stated.size() - MAX), stated.size());
  }

  private static Statement statement(String text, Marks.Place place, int next) {
    Mark mark = Objects.requireNonNull(place.mark());
    int start = place.start();
    int end = place.end();
    return switch (mark) {
      case TAG -> closed(mark, text, start, end, TAG_END);
      case FIELD -> {
        Matcher quoted =
            FIELD_TEXT.matcher(text).region(end, Math.min(text.length(), end + CLAUSE));
        yield quoted.lookingAt()
            ? new Statement(mark, false, quoted.group(1).strip(), start, quoted.end())
            : closed(mark, text, start, end, FIELD_END);
      }
      case BEHIND -> new Statement(mark, place.denied(), clauseBefore(text, start), start, end);
      default -> {
        Segment segment =
            mark == Mark.HASHES ? Segment.line(text, end, next) : Segment.after(text, end, next);
        String words = segment.asked() && mark != Mark.FINAL ? "" : segment.words();
        yield new Statement(mark, place.denied(), words, start, segment.end());
      }
    };
  }

  private static Statement closed(Mark mark, String text, int start, int from, Pattern close) {
    int begin = from;
    while (begin < text.length() && Character.isWhitespace(text.charAt(begin))) {
      begin++;
    }
    int limit = Math.min(text.length(), begin + 10 * CLAUSE);
    Matcher end = close.matcher(text).region(begin, limit);
    int stop = end.find() ? end.start() : limit;
    return new Statement(mark, false, text.substring(begin, stop).strip(), start, stop);
  }

  private static String clauseBefore(String text, int end) {
    String before = text.substring(Math.max(0, end - CLAUSE), end);
    Matcher boundary = CLAUSE_START.matcher(before);
    int start = 0;
    while (boundary.find()) {
      start = boundary.end();
    }
    return before.substring(start).strip();
  }
}
