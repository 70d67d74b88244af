package malt.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.Numbers;
import malt.evaluation.EvaluationReport;
import malt.evaluation.VerifierQuality;
import malt.report.plot.BarChart;
import org.jspecify.annotations.Nullable;

/** How well verifiers flag wrong answers, before and after training. */
final class VerifierSection {
  private VerifierSection() {}

  static Optional<Section> of(EvaluationReport evaluation) {
    if (evaluation.verifier().isEmpty()) {
      return Optional.empty();
    }
    List<BarChart.Bar> bars = new ArrayList<>();
    Map<String, VerifierQuality> rows = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, VerifierQuality>> team : evaluation.verifier().entrySet()) {
      String look = MethodGroup.look(evaluation, team.getKey());
      boolean only = team.getValue().size() == 1;
      team.getValue()
          .forEach(
              (turn, quality) -> {
                String name = only ? team.getKey() : team.getKey() + " · " + turn;
                rows.put(name, quality);
                Double balanced = quality.balancedAccuracy();
                if (balanced != null) {
                  bars.add(bar(name, look, balanced));
                }
              });
    }
    BarChart chart =
        new BarChart(
            "Balanced accuracy of verifiers", List.of(new BarChart.Group("", bars)), 100, 1);
    return Optional.of(
        new Section(
            "verifier",
            "The verifier's eye for wrong answers",
            "Whether a critique says that the answer before it is wrong; balanced accuracy of"
                + " 50 % is guessing.",
            List.of(
                Figure.single(
                    "verifier",
                    "Balanced accuracy in percent, by team.",
                    chart.wide(),
                    chart.narrow())),
            List.of(
                Table.of(rows.entrySet())
                    .column("Team", Map.Entry::getKey)
                    .column("Wrong answers flagged %", row -> percent(row.getValue().recall()))
                    .column("Right answers flagged %", row -> percent(row.getValue().falseAlarm()))
                    .column(
                        "Balanced accuracy %", row -> percent(row.getValue().balancedAccuracy()))
                    .column("Wrong seen", row -> Numbers.grouped(row.getValue().wrong()))
                    .column("Right seen", row -> Numbers.grouped(row.getValue().right()))
                    .titled(""))));
  }

  private static BarChart.Bar bar(String name, String look, double accuracy) {
    return new BarChart.Bar(
        name, look, accuracy, Optional.empty(), List.of(), Numbers.percent(accuracy));
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "–" : Numbers.percent(share);
  }
}
