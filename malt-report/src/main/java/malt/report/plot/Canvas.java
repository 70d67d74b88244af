package malt.report.plot;

import java.util.Locale;
import malt.report.markup.Markup;

/** Draws shapes in user units; their looks come from classes. */
final class Canvas {
  private final Markup markup = new Markup();

  Canvas line(double x1, double y1, double x2, double y2, String look) {
    markup.empty("line", "class", look, "x1", n(x1), "y1", n(y1), "x2", n(x2), "y2", n(y2));
    return this;
  }

  /** A rectangle that shows {@code tip} under the mouse. */
  Canvas rect(double x, double y, double width, double height, String look, String tip) {
    markup
        .open(
            "rect",
            "class",
            look,
            "x",
            n(x),
            "y",
            n(y),
            "width",
            n(Math.max(0, width)),
            "height",
            n(Math.max(0, height)))
        .element("title", tip)
        .close("rect");
    return this;
  }

  Canvas dot(double x, double y, double radius, String look, String tip) {
    markup
        .open("circle", "class", look, "cx", n(x), "cy", n(y), "r", n(radius))
        .element("title", tip)
        .close("circle");
    return this;
  }

  Canvas path(String data, String look) {
    markup.empty("path", "class", look, "d", data);
    return this;
  }

  /** Text from {@code x} to the right. */
  Canvas text(double x, double y, String text, String look) {
    markup.element("text", text, "class", look, "x", n(x), "y", n(y));
    return this;
  }

  /** Text that ends at {@code x}. */
  Canvas textEnding(double x, double y, String text, String look) {
    return text(x, y, text, look + " end");
  }

  /** Text around {@code x}. */
  Canvas textAround(double x, double y, String text, String look) {
    return text(x, y, text, look + " middle");
  }

  Svg finish(String title, int width, int height) {
    return new Svg(title, width, height, markup.toString());
  }

  /** A coordinate with at most one decimal. */
  static String n(double number) {
    String text = String.format(Locale.ROOT, "%.1f", number);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
