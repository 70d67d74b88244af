package malt.report.plot;

import java.util.List;
import malt.Numbers;

/** Counts in equal bins of [0, 1], drawn as shares; as wide as a phone. */
public record Histogram(String title, String series, List<Integer> counts) {
  private static final int WIDTH = 340;
  private static final int HEIGHT = 170;
  private static final int LEFT = 40;
  private static final int RIGHT = 332;
  private static final int TOP = 8;
  private static final int BOTTOM = 134;

  public Svg draw() {
    Canvas canvas = new Canvas();
    long total = Math.max(1, counts.stream().mapToLong(Integer::longValue).sum());
    long most = Math.max(1, counts.stream().mapToLong(Integer::longValue).max().orElse(1));
    Scale vertical = Scale.around(0, (double) most / total, BOTTOM, TOP, 4);
    for (double tick : vertical.ticks()) {
      canvas.line(LEFT, vertical.at(tick), RIGHT, vertical.at(tick), "grid");
      canvas.textEnding(LEFT - 6, vertical.at(tick) + 4, Scale.label(100 * tick) + "%", "tick");
    }
    double width = (double) (RIGHT - LEFT) / counts.size();
    for (int i = 0; i < counts.size(); i++) {
      double share = (double) counts.get(i) / total;
      double y = vertical.at(share);
      String tip =
          "values %s to %s: %s nodes, %s %%"
              .formatted(
                  Scale.label((double) i / counts.size()),
                  Scale.label((i + 1.0) / counts.size()),
                  Numbers.grouped(counts.get(i)),
                  Numbers.percent(share));
      canvas.rect(LEFT + i * width + 1, y, width - 2, BOTTOM - y, "bar " + series, tip);
    }
    for (double tick : List.of(0.0, 0.25, 0.5, 0.75, 1.0)) {
      double x = LEFT + tick * (RIGHT - LEFT);
      canvas.textAround(x, BOTTOM + 15, Scale.label(tick), "tick");
    }
    canvas.textAround((LEFT + RIGHT) / 2.0, BOTTOM + 31, "value", "tick");
    return canvas.finish(title, WIDTH, HEIGHT);
  }
}
