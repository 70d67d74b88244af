package malt.torch.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import malt.model.Message;
import malt.torch.text.jinja.TemplateException;

/**
 * A rendered conversation that knows which of its text came from which message. It is found by
 * rendering twice, once with marks in place of the contents, and by fitting the contents, whole or
 * trimmed, between what the template wrote, until all of the true rendering is accounted for.
 */
record RenderedPrompt(List<Piece> pieces) {
  private static final String END_OF_THOUGHTS = "</think>";

  /**
   * A piece of the text.
   *
   * @param message the index of the message it came from; -1 for the template
   * @param from where the piece starts in the message's content
   */
  record Piece(String text, int message, int from) {}

  /**
   * @param addGenerationPrompt whether it ends where the assistant's next message begins
   */
  static RenderedPrompt of(
      ChatTemplate template, List<Message> messages, boolean addGenerationPrompt) {
    String text = template.render(messages, addGenerationPrompt);
    String mark = freshMark(text);
    List<Message> marked = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      marked.add(message.text().isBlank() ? message : Message.of(message.role(), mark + i + mark));
    }
    List<Piece> layout = layout(template.render(marked, addGenerationPrompt), mark);
    List<Piece> fitted = new ArrayList<>();
    if (!fit(text, 0, layout, 0, messages, fitted, new HashSet<>())) {
      throw unfollowed();
    }
    return new RenderedPrompt(fitted);
  }

  String text() {
    return pieces.stream().map(Piece::text).collect(Collectors.joining());
  }

  /** The pieces from a place of the text on; one that lies across it is cut there. */
  List<Piece> after(int place) {
    List<Piece> after = new ArrayList<>();
    int start = 0;
    for (Piece piece : pieces) {
      int cut = Math.min(piece.text().length(), Math.max(0, place - start));
      start += piece.text().length();
      if (cut < piece.text().length()) {
        after.add(new Piece(piece.text().substring(cut), piece.message(), piece.from() + cut));
      }
    }
    return after;
  }

  /** A private-use text that does not occur in the prompt. */
  private static String freshMark(String text) {
    StringBuilder mark = new StringBuilder("\ue000");
    while (text.contains(mark)) {
      mark.append('\ue000');
    }
    return mark + "\ue001";
  }

  /** The marked rendering as the template's text and the messages between. */
  private static List<Piece> layout(String marked, String mark) {
    List<Piece> layout = new ArrayList<>();
    String[] parts = marked.split(Pattern.quote(mark), -1);
    for (int i = 0; i < parts.length; i++) {
      if (i % 2 == 1) {
        layout.add(new Piece("", messageIndex(parts[i]), 0));
      } else if (!parts[i].isEmpty()) {
        layout.add(new Piece(parts[i], -1, 0));
      }
    }
    return layout;
  }

  private static int messageIndex(String index) {
    if (!index.matches("\\d{1,9}")) {
      throw unfollowed();
    }
    return Integer.parseInt(index);
  }

  private static TemplateException unfollowed() {
    return new TemplateException(
        "it changes the content of a message in a way that cannot be followed token by token", 0);
  }

  /** Depth-first; {@code dead} holds the (place, text position) pairs known to lead nowhere. */
  private static boolean fit(
      String text,
      int position,
      List<Piece> layout,
      int place,
      List<Message> messages,
      List<Piece> fitted,
      Set<Long> dead) {
    if (place == layout.size()) {
      return position == text.length();
    }
    long state = ((long) place << 32) | position;
    if (dead.contains(state)) {
      return false;
    }
    for (Piece choice : choices(layout.get(place), messages)) {
      if (text.startsWith(choice.text(), position)) {
        fitted.add(choice);
        int next = position + choice.text().length();
        if (fit(text, next, layout, place + 1, messages, fitted, dead)) {
          return true;
        }
        fitted.remove(fitted.size() - 1);
      }
    }
    dead.add(state);
    return false;
  }

  /** The template's text as it is; a content whole, trimmed, or what follows its thoughts. */
  private static List<Piece> choices(Piece piece, List<Message> messages) {
    if (piece.message() < 0) {
      return List.of(piece);
    }
    String content = messages.get(piece.message()).text();
    List<Piece> choices = new ArrayList<>();
    for (int from : starts(content)) {
      for (int to : ends(content)) {
        if (from <= to) {
          choices.add(new Piece(content.substring(from, to), piece.message(), from));
        }
      }
    }
    return choices;
  }

  /** Where a content may begin: at once, after new lines, after white space; so after a thought. */
  private static Set<Integer> starts(String content) {
    Set<Integer> starts = new LinkedHashSet<>();
    int thoughts = content.lastIndexOf(END_OF_THOUGHTS);
    for (int start : new int[] {0, thoughts < 0 ? 0 : thoughts + END_OF_THOUGHTS.length()}) {
      starts.add(start);
      for (boolean newLinesOnly : new boolean[] {true, false}) {
        int at = start;
        while (at < content.length() && trims(content.charAt(at), newLinesOnly)) {
          at++;
        }
        starts.add(at);
      }
    }
    return starts;
  }

  private static Set<Integer> ends(String content) {
    Set<Integer> ends = new LinkedHashSet<>(List.of(content.length()));
    for (boolean newLinesOnly : new boolean[] {true, false}) {
      int at = content.length();
      while (at > 0 && trims(content.charAt(at - 1), newLinesOnly)) {
        at--;
      }
      ends.add(at);
    }
    return ends;
  }

  private static boolean trims(char c, boolean newLinesOnly) {
    return c == '\n'
        || (!newLinesOnly
            && (Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085'));
  }
}
