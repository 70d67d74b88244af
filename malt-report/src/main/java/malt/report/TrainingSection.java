package malt.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import malt.report.plot.LineChart;

/** Metrics by optimiser step, for each round, role and method. */
final class TrainingSection {
  /** A plot of a stage: its heading, and the metrics drawn in it. */
  private record Plot(String heading, Map<String, String> metrics) {}

  private static final Plot LOSS = new Plot("loss", Map.of("loss", "kept"));
  private static final List<Plot> PREFERENCE =
      List.of(
          new Plot("rewards", rewards()),
          new Plot("log-probabilities", logProbs()),
          new Plot("reward accuracy", Map.of("rewards/accuracies", "kept")));

  private TrainingSection() {}

  private static Map<String, String> rewards() {
    Map<String, String> metrics = new LinkedHashMap<>();
    metrics.put("rewards/margins", "kept");
    metrics.put("rewards/chosen", "better");
    metrics.put("rewards/rejected", "worse");
    return metrics;
  }

  private static Map<String, String> logProbs() {
    Map<String, String> metrics = new LinkedHashMap<>();
    metrics.put("logps/chosen", "better");
    metrics.put("logps/rejected", "worse");
    return metrics;
  }

  static Optional<Section> of(RunData run) {
    if (run.curves().isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<RunData.Curve>> jobs = new LinkedHashMap<>();
    for (RunData.Curve curve : run.curves()) {
      jobs.computeIfAbsent(job(curve), key -> new ArrayList<>()).add(curve);
    }
    Map<String, List<Figure.Panel>> panels = new LinkedHashMap<>();
    jobs.forEach(
        (job, curves) ->
            panels
                .computeIfAbsent(curves.get(0).round(), key -> new ArrayList<>())
                .addAll(panels(curves)));
    List<Figure> figures = new ArrayList<>();
    panels.forEach(
        (round, drawn) ->
            figures.add(
                new Figure("training-" + round, "Round " + round + ", by optimiser step", drawn)));
    return Optional.of(
        new Section(
            "training",
            "Training",
            "A line for each seed, smoothed by a moving mean. In DPO, watch the log-probability"
                + " of chosen completions: a steep fall means that the model forgets them too.",
            figures,
            List.of()));
  }

  private static String job(RunData.Curve curve) {
    return curve.round() + " " + stage(curve);
  }

  private static String stage(RunData.Curve curve) {
    return curve.role() + " " + curve.stage().toUpperCase(Locale.ROOT);
  }

  private static List<Figure.Panel> panels(List<RunData.Curve> curves) {
    List<Plot> plots = new ArrayList<>(List.of(LOSS));
    if (curves.get(0).stage().equals("dpo")) {
      plots.addAll(PREFERENCE);
    }
    List<Figure.Panel> panels = new ArrayList<>();
    for (Plot plot : plots) {
      List<LineChart.Series> series = new ArrayList<>();
      plot.metrics()
          .forEach(
              (metric, look) -> {
                List<LineChart.Line> lines = lines(curves, metric);
                if (!lines.isEmpty()) {
                  series.add(new LineChart.Series(name(metric), look, lines));
                }
              });
      if (!series.isEmpty()) {
        String title = stage(curves.get(0)) + ": " + plot.heading();
        LineChart chart = new LineChart(title, series, List.of(), "step", 1);
        panels.add(Figure.Panel.small(title, chart.draw()));
      }
    }
    return panels;
  }

  private static String name(String metric) {
    return metric.substring(metric.indexOf('/') + 1);
  }

  private static List<LineChart.Line> lines(List<RunData.Curve> curves, String metric) {
    List<LineChart.Line> lines = new ArrayList<>();
    for (RunData.Curve curve : curves) {
      if (curve.steps().stream().anyMatch(step -> step.metrics().containsKey(metric))) {
        lines.add(SmoothedCurve.of(curve.steps(), metric));
      }
    }
    return lines;
  }
}
