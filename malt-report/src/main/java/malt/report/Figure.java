package malt.report;

import java.util.List;
import malt.report.plot.Svg;

/**
 * Plots under one caption.
 *
 * @param name part of a file name
 */
record Figure(String name, String caption, List<Panel> panels) {
  private static final int COLUMNS = 3;

  /**
   * One plot; {@code wide} and {@code narrow} are the same drawing where it is small enough for a
   * phone.
   */
  record Panel(String heading, Svg wide, Svg narrow) {
    static Panel small(String heading, Svg svg) {
      return new Panel(heading, svg, svg);
    }

    boolean isSmall() {
      return wide.equals(narrow);
    }
  }

  static Figure single(String name, String caption, Svg wide, Svg narrow) {
    return new Figure(name, caption, List.of(new Panel("", wide, narrow)));
  }

  /** All panels in one drawing. */
  Svg drawing() {
    if (panels.size() == 1) {
      return panels.get(0).wide();
    }
    return Svg.grid(
        caption,
        panels.stream().map(panel -> new Svg.Titled(panel.heading(), panel.wide())).toList(),
        COLUMNS);
  }
}
