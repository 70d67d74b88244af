package malt.torch.text.jinja;

/**
 * What {@code |safe} makes of a text: it prints as it is, but text added to it is escaped for HTML,
 * even where a template does not want that.
 */
record Markup(String text) {
  /** {@code left + right}, one of which is a Markup. */
  static Markup join(Object left, Object right) {
    return new Markup(escaped(left) + escaped(right));
  }

  private static String escaped(Object value) {
    if (value instanceof Markup markup) {
      return markup.text;
    }
    if (value instanceof String plain) {
      return plain
          .replace("&", "&amp;")
          .replace("<", "&lt;")
          .replace(">", "&gt;")
          .replace("'", "&#39;")
          .replace("\"", "&#34;");
    }
    throw new Refusal("'+' of a safe string and a " + Values.typeName(value) + " is not supported");
  }

  @Override
  public String toString() {
    return text;
  }
}
