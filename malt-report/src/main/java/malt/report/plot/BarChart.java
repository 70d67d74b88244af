package malt.report.plot;

import java.util.List;
import java.util.Optional;
import malt.evaluation.Interval;

/**
 * Horizontal bars in groups, each with its interval and a dot for each seed.
 *
 * @param unit what axis labels multiply values by: 100 for shares in percent
 * @param most upper end of the axis; the lower is 0
 */
public record BarChart(String title, List<Group> groups, double unit, double most) {
  /** Bars under one heading; an empty heading takes no room. */
  public record Group(String heading, List<Bar> bars) {}

  /**
   * One bar.
   *
   * @param series class that gives the colour
   * @param text shown beside it
   */
  public record Bar(
      String label,
      String series,
      double value,
      Optional<Interval> interval,
      List<Double> dots,
      String text) {}

  public Svg wide() {
    return draw(Rows.wide(250, 160));
  }

  public Svg narrow() {
    return draw(Rows.narrow());
  }

  private Svg draw(Rows rows) {
    Scale scale = Scale.around(0, most, rows.left(), rows.right(), 5);
    int height = 0;
    for (Group group : groups) {
      height += heading(group) + group.bars().size() * rows.height();
    }
    Canvas canvas = new Canvas();
    rows.grid(canvas, scale, 0, height, unit);
    double y = 0;
    for (Group group : groups) {
      if (heading(group) > 0) {
        canvas.text(0, y + 19, group.heading(), "heading");
      }
      y += heading(group);
      for (Bar bar : group.bars()) {
        row(canvas, rows, scale, y, bar);
        y += rows.height();
      }
    }
    return canvas.finish(title, rows.width(), height + Rows.AXIS);
  }

  private static int heading(Group group) {
    return group.heading().isEmpty() ? 0 : Rows.HEADING;
  }

  private static void row(Canvas canvas, Rows rows, Scale scale, double y, Bar bar) {
    rows.frame(canvas, y, bar.label(), bar.text());
    double top = y + rows.plotTop();
    double upper = top + rows.thickness() * 0.3;
    double lower = top + rows.thickness() * 0.72;
    String tip = bar.label() + ": " + bar.text();
    double zero = scale.at(0);
    canvas.rect(
        zero, top, scale.at(bar.value()) - zero, rows.thickness(), "bar " + bar.series(), tip);
    bar.interval()
        .ifPresent(
            interval -> {
              double low = scale.at(interval.low());
              double high = scale.at(interval.high());
              canvas.line(low, upper, high, upper, "whisker");
              canvas.line(low, upper - 3, low, upper + 3, "whisker");
              canvas.line(high, upper - 3, high, upper + 3, "whisker");
            });
    for (double dot : bar.dots()) {
      canvas.dot(scale.at(dot), lower, 2.4, "seed", tip);
    }
  }
}
