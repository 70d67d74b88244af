package malt.report.plot;

import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * A small line chart, as wide as a phone.
 *
 * @param categories names of x = 0, 1, ...; empty where x is a number
 * @param axis what x is, when it is a number
 */
public record LineChart(
    String title, List<Series> series, List<String> categories, String axis, double unit) {
  private static final int WIDTH = 340;
  private static final int LEFT = 46;
  private static final int RIGHT = 332;
  private static final int PLOT = 150;
  private static final int LEGEND_LINE = 17;
  private static final int LEGEND_COLUMNS = 3;

  /**
   * Lines of one colour.
   *
   * @param look classes that give colour and dash
   */
  public record Series(String name, String look, List<Line> lines) {}

  /** Points in order of x; a value that is not finite breaks the line. */
  public record Line(List<Double> x, List<Double> y) {}

  /** Draws it; the height grows with the legend. */
  public Svg draw() {
    Canvas canvas = new Canvas();
    int legendLines = series.size() < 2 ? 0 : (series.size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
    double top = 8 + legendLines * LEGEND_LINE;
    double bottom = top + PLOT;
    legend(canvas);
    Scale vertical = Scale.around(least(Line::y), most(Line::y), bottom, top, 4);
    for (double tick : vertical.ticks()) {
      canvas.line(LEFT, vertical.at(tick), RIGHT, vertical.at(tick), "grid");
      canvas.textEnding(LEFT - 6, vertical.at(tick) + 4, Scale.label(tick * unit), "tick");
    }
    Scale horizontal = horizontal(canvas, bottom);
    for (Series each : series) {
      for (Line line : each.lines()) {
        canvas.path(path(line, horizontal, vertical), "curve " + each.look());
        if (!categories.isEmpty()) {
          points(canvas, each, line, horizontal, vertical);
        }
      }
    }
    return canvas.finish(title, WIDTH, (int) bottom + (axis.isEmpty() ? 22 : 36));
  }

  private void legend(Canvas canvas) {
    for (int i = 0; i < series.size() && series.size() > 1; i++) {
      double x = LEFT + i % LEGEND_COLUMNS * 98;
      double y = 8 + i / LEGEND_COLUMNS * LEGEND_LINE;
      String data = "M%s %sh18".formatted(Canvas.n(x), Canvas.n(y));
      canvas.path(data, "curve " + series.get(i).look());
      canvas.text(x + 24, y + 4, series.get(i).name(), "tick");
    }
  }

  private Scale horizontal(Canvas canvas, double bottom) {
    if (!categories.isEmpty()) {
      Scale scale = new Scale(-0.35, categories.size() - 0.65, 1, LEFT, RIGHT);
      for (int i = 0; i < categories.size(); i++) {
        canvas.textAround(scale.at(i), bottom + 16, categories.get(i), "tick");
      }
      return scale;
    }
    Scale scale =
        Scale.exact(Math.min(0, least(Line::x)), Math.max(1, most(Line::x)), LEFT, RIGHT, 5);
    for (double tick : scale.ticks()) {
      canvas.textAround(scale.at(tick), bottom + 16, Scale.label(tick), "tick");
    }
    canvas.textAround((LEFT + RIGHT) / 2.0, bottom + 31, axis, "tick");
    return scale;
  }

  private void points(Canvas canvas, Series each, Line line, Scale horizontal, Scale vertical) {
    for (int i = 0; i < line.x().size(); i++) {
      String tip = each.name() + ": " + Scale.label(line.y().get(i) * unit);
      double x = horizontal.at(line.x().get(i));
      canvas.dot(x, vertical.at(line.y().get(i)), 3.5, "bar " + each.look(), tip);
    }
  }

  private static String path(Line line, Scale horizontal, Scale vertical) {
    StringBuilder data = new StringBuilder();
    boolean down = false;
    for (int i = 0; i < line.x().size(); i++) {
      double y = line.y().get(i);
      if (Double.isFinite(y)) {
        data.append(down ? 'L' : 'M').append(Canvas.n(horizontal.at(line.x().get(i))));
        data.append(' ').append(Canvas.n(vertical.at(y)));
      }
      down = Double.isFinite(y);
    }
    return data.toString();
  }

  private double least(Function<Line, List<Double>> values) {
    return values(values).min().orElse(0);
  }

  private double most(Function<Line, List<Double>> values) {
    return values(values).max().orElse(1);
  }

  private DoubleStream values(Function<Line, List<Double>> values) {
    return series.stream()
        .flatMap(each -> each.lines().stream())
        .flatMap(line -> values.apply(line).stream())
        .mapToDouble(Double::doubleValue)
        .filter(Double::isFinite);
  }
}
