package malt.report.plot;

import java.util.List;
import malt.report.markup.Markup;

/**
 * A finished drawing.
 *
 * @param title for who cannot see it
 * @param width in user units; text is 12 of them high
 * @param body its elements
 */
public record Svg(String title, int width, int height, String body) {
  private static final int GAP = 24;
  private static final int HEADING = 22;

  /** A drawing with a heading over it, for a grid. */
  public record Titled(String heading, Svg svg) {}

  /** For a page that brings the style sheet. */
  public String inline() {
    return new Markup()
        .open(
            "svg",
            "viewBox",
            "0 0 " + width + " " + height,
            "role",
            "img",
            "aria-label",
            title,
            "style",
            "max-width:" + width + "px")
        .raw(body)
        .close("svg")
        .toString();
  }

  /** A file of its own, on the background of the style sheet given. */
  public String standalone(String style) {
    return new Markup()
        .open(
            "svg",
            "xmlns",
            "http://www.w3.org/2000/svg",
            "viewBox",
            "%d %d %d %d".formatted(-GAP / 2, -GAP / 2, width + GAP, height + GAP),
            "width",
            Integer.toString(width + GAP),
            "height",
            Integer.toString(height + GAP))
        .element("title", title)
        .raw("<style>" + style + "</style>")
        .empty(
            "rect",
            "class",
            "background",
            "x",
            Integer.toString(-GAP / 2),
            "y",
            Integer.toString(-GAP / 2),
            "width",
            "100%",
            "height",
            "100%")
        .raw(body)
        .close("svg")
        .toString();
  }

  /** Lays drawings out in rows, each under its heading. */
  public static Svg grid(String title, List<Titled> panels, int columns) {
    Markup markup = new Markup();
    int cellWidth = panels.stream().mapToInt(panel -> panel.svg().width()).max().orElse(0) + GAP;
    int cellHeight =
        panels.stream().mapToInt(panel -> panel.svg().height()).max().orElse(0) + GAP + HEADING;
    for (int i = 0; i < panels.size(); i++) {
      Titled panel = panels.get(i);
      int x = i % columns * cellWidth;
      int y = i / columns * cellHeight;
      markup
          .open("g", "transform", "translate(" + x + " " + y + ")")
          .element("text", panel.heading(), "class", "heading", "x", "0", "y", "14")
          .open("g", "transform", "translate(0 " + HEADING + ")")
          .raw(panel.svg().body())
          .close("g")
          .close("g");
    }
    int rows = (panels.size() + columns - 1) / columns;
    return new Svg(
        title,
        Math.min(columns, panels.size()) * cellWidth - GAP,
        rows * cellHeight - GAP,
        markup.toString());
  }
}
