package malt.report.plot;

/**
 * Measures of a chart of labelled rows. Wide: label, plot and text side by side. Narrow, for a
 * phone: label and text above the plot.
 *
 * @param left where the plot begins
 * @param right where it ends
 * @param height of a row
 * @param plotTop of the plot within its row
 * @param thickness of the plot within its row
 */
record Rows(boolean wide, int width, int left, int right, int height, int plotTop, int thickness) {
  static final int HEADING = 28;
  static final int AXIS = 24;
  private static final int CHARACTER = 7; // a little more than a character is wide

  static Rows wide(int labels, int texts) {
    return new Rows(true, 860, labels, 860 - texts, 24, 5, 14);
  }

  static Rows narrow() {
    return new Rows(false, 340, 4, 328, 38, 20, 11);
  }

  /** Draws a row's label, its text, and its own share of the grid. */
  void frame(Canvas canvas, double y, String label, String text) {
    if (wide) {
      canvas.textEnding(left - 10, y + plotTop + 11, cut(label, left - 10), "label");
      canvas.text(right + 12, y + plotTop + 11, text, "value");
    } else {
      int room = width - text.length() * CHARACTER - 10;
      canvas.text(0, y + 14, cut(label, room), "label");
      canvas.textEnding(width, y + 14, text, "value");
    }
  }

  private static String cut(String label, int room) {
    int most = Math.max(2, room / CHARACTER);
    return label.length() <= most ? label : label.substring(0, most - 1) + "…";
  }

  /** Draws vertical grid lines from {@code top} to {@code bottom} and numbers under them. */
  void grid(Canvas canvas, Scale scale, double top, double bottom, double unit) {
    for (double tick : scale.ticks()) {
      double x = scale.at(tick);
      canvas.line(x, top, x, bottom, "grid");
      canvas.textAround(x, bottom + 15, Scale.label(tick * unit), "tick");
    }
  }
}
