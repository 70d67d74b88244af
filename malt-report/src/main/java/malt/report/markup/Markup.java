package malt.report.markup;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes markup that is both HTML and well-formed XML: tags are closed in order, and whatever comes
 * from a user or a model passes through {@link #escape}.
 */
public final class Markup {
  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Opens an element.
   *
   * @param attributes names and values in turn
   */
  public Markup open(String tag, String... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  /** Closes the innermost element, which must be this one. */
  public Markup close(String tag) {
    String innermost = open.poll();
    if (!tag.equals(innermost)) {
      throw new IllegalStateException("closing <" + tag + "> while in <" + innermost + ">");
    }
    out.append("</").append(tag).append('>');
    return this;
  }

  /** An element that holds only text. */
  public Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /** An element that holds nothing: a void element of HTML, or any of SVG. */
  public Markup empty(String tag, String... attributes) {
    start(tag, attributes);
    out.append("/>");
    return this;
  }

  public Markup text(String text) {
    out.append(escape(text));
    return this;
  }

  /** Adds markup as it is; never anything that a user or a model wrote. */
  public Markup raw(String markup) {
    out.append(markup);
    return this;
  }

  private void start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      out.append(escape(attributes[i + 1])).append('"');
    }
  }

  /**
   * Makes any text safe between tags and in quoted attributes. Control characters, which XML cannot
   * hold, become their visible pictures (U+2400 and on); half surrogate pairs become U+FFFD.
   */
  public static String escape(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(character -> appendSafe(safe, character));
    return safe.toString();
  }

  private static void appendSafe(StringBuilder safe, int character) {
    switch (character) {
      case '&' -> safe.append("&amp;");
      case '<' -> safe.append("&lt;");
      case '>' -> safe.append("&gt;");
      case '"' -> safe.append("&quot;");
      case '\'' -> safe.append("&#39;");
      case '\n', '\t' -> safe.append((char) character);
      default -> {
        boolean surrogate = character >= 0xD800 && character <= 0xDFFF;
        boolean control = (character >= 0x7F && character <= 0x9F) || character == 0xFFFE;
        if (character < 0x20) {
          safe.append((char) (0x2400 + character));
        } else if (surrogate || control || character == 0xFFFF) {
          safe.append('\uFFFD');
        } else {
          safe.appendCodePoint(character);
        }
      }
    }
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("<" + open.peek() + "> is not closed");
    }
    return out.toString();
  }
}
