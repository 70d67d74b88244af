package malt.report.plot;

import java.util.List;
import malt.evaluation.Interval;

/** Differences with their intervals around a line at zero, in percentage points. */
public record DifferenceChart(String title, List<Row> rows) {
  /**
   * One difference.
   *
   * @param series class that gives the colour
   * @param text shown beside it
   */
  public record Row(
      String label, String series, double difference, Interval interval, String text) {}

  public Svg wide() {
    return draw(Rows.wide(330, 150));
  }

  public Svg narrow() {
    return draw(Rows.narrow());
  }

  private Svg draw(Rows layout) {
    double low = rows.stream().mapToDouble(row -> row.interval().low()).min().orElse(0);
    double high = rows.stream().mapToDouble(row -> row.interval().high()).max().orElse(0);
    Scale scale =
        Scale.around(Math.min(0, low), Math.max(0, high), layout.left(), layout.right(), 5);
    int height = rows.size() * layout.height();
    Canvas canvas = new Canvas();
    layout.grid(canvas, scale, 0, height, 100);
    canvas.line(scale.at(0), 0, scale.at(0), height, "zero");
    for (int i = 0; i < rows.size(); i++) {
      row(canvas, layout, scale, i * layout.height(), rows.get(i));
    }
    return canvas.finish(title, layout.width(), height + Rows.AXIS);
  }

  private static void row(Canvas canvas, Rows layout, Scale scale, double y, Row row) {
    layout.frame(canvas, y, row.label(), row.text());
    double middle = y + layout.plotTop() + layout.thickness() / 2.0;
    String tip = row.label() + ": " + row.text();
    double low = scale.at(row.interval().low());
    double high = scale.at(row.interval().high());
    canvas.rect(low, middle - 2, high - low, 4, "range " + row.series(), tip);
    canvas.dot(scale.at(row.difference()), middle, 5, "bar " + row.series(), tip);
  }
}
