package malt.app.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import malt.app.report.plot.LineChart;
import malt.app.report.run.RunData;
import malt.app.report.run.TrainingCurve;

/** Metrics by optimiser step, for each schedule, role and stage. */
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
    Map<String, List<TrainingCurve>> jobs = new LinkedHashMap<>();
    for (String stage : List.of("sft", "dpo")) {
      for (String role : RoleOrder.of(run.curves().stream().map(TrainingCurve::role).toList())) {
        for (TrainingCurve curve : run.curves()) {
          if (curve.stage().equals(stage) && curve.role().equals(role)) {
            jobs.computeIfAbsent(job(curve), key -> new ArrayList<>()).add(curve);
          }
        }
      }
    }
    Map<String, List<Figure.Panel>> panels = new LinkedHashMap<>();
    jobs.forEach(
        (job, curves) ->
            panels
                .computeIfAbsent(curves.get(0).schedule(), key -> new ArrayList<>())
                .addAll(panels(curves)));
    List<Figure> figures = new ArrayList<>();
    panels.forEach(
        (schedule, drawn) ->
            figures.add(
                new Figure(
                    "training-" + schedule,
                    "Schedule " + schedule + ", by optimiser step",
                    drawn)));
    return Optional.of(
        new Section(
            "training",
            "Training",
            "A line for each seed, smoothed by a moving mean. In DPO, watch the log-probability"
                + " of chosen completions: a steep fall means that the model forgets them too.",
            figures,
            List.of()));
  }

  private static String job(TrainingCurve curve) {
    return curve.schedule() + " " + stage(curve);
  }

  private static String stage(TrainingCurve curve) {
    return curve.role() + " " + curve.stage().toUpperCase(Locale.ROOT);
  }

  private static List<Figure.Panel> panels(List<TrainingCurve> curves) {
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

  private static List<LineChart.Line> lines(List<TrainingCurve> curves, String metric) {
    List<LineChart.Line> lines = new ArrayList<>();
    for (TrainingCurve curve : curves) {
      List<Double> values = curve.values().get(metric);
      if (values != null) {
        lines.add(SmoothedCurve.of(curve.steps(), values));
      }
    }
    return lines;
  }
}
