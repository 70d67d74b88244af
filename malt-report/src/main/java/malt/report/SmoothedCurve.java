package malt.report;

import java.util.ArrayList;
import java.util.List;
import malt.report.plot.LineChart;
import malt.training.TrainingStep;

/** Makes a metric of single batches readable: a moving mean, thinned to what a plot can show. */
final class SmoothedCurve {
  private static final int MOST_POINTS = 120;
  private static final int WINDOWS = 25;

  private SmoothedCurve() {}

  /**
   * The mean over a window around each step; steps without a value do not count.
   *
   * @param steps (S)
   */
  static LineChart.Line of(List<TrainingStep> steps, String metric) {
    List<Double> values =
        steps.stream().map(step -> step.metrics().getOrDefault(metric, Double.NaN)).toList();
    int half = steps.size() / WINDOWS / 2;
    int stride = Math.max(1, (steps.size() + MOST_POINTS - 1) / MOST_POINTS);
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      if (i % stride == 0 || i == steps.size() - 1) {
        x.add((double) steps.get(i).step());
        y.add(mean(values, i - half, i + half));
      }
    }
    return new LineChart.Line(x, y);
  }

  private static double mean(List<Double> values, int from, int to) {
    return values.subList(Math.max(0, from), Math.min(values.size(), to + 1)).stream()
        .mapToDouble(Double::doubleValue)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }
}
