package malt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.Numbers;
import malt.report.plot.BarChart;

/** Where the time went. */
final class TimingSection {
  private TimingSection() {}

  static Optional<Section> of(RunData run) {
    Map<String, Double> seconds = run.seconds();
    if (seconds.isEmpty()) {
      return Optional.empty();
    }
    double total = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    List<BarChart.Bar> bars = new ArrayList<>();
    seconds.forEach(
        (stage, time) ->
            bars.add(
                new BarChart.Bar(
                    stage,
                    "kept",
                    time / 60,
                    Optional.empty(),
                    List.of(),
                    Numbers.duration(time) + share(time, total))));
    double longest = bars.stream().mapToDouble(BarChart.Bar::value).max().orElse(1);
    BarChart chart =
        new BarChart("Time by stage", List.of(new BarChart.Group("", bars)), 1, longest);
    return Optional.of(
        new Section(
            "time",
            "Time by stage",
            "Wall-clock time over all seeds: " + Numbers.duration(total) + " in all.",
            List.of(Figure.single("time", "Minutes by stage.", chart.wide(), chart.narrow())),
            List.of()));
  }

  private static String share(double time, double total) {
    return total > 0 ? " · " + Numbers.percent(time / total) + " %" : "";
  }
}
