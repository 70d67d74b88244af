package malt.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import malt.Numbers;
import malt.evaluation.EvaluationReport;
import malt.report.plot.LineChart;
import org.jspecify.annotations.Nullable;

/** Accuracy after each turn. */
final class TurnsSection {
  private TurnsSection() {}

  static Optional<Section> of(EvaluationReport evaluation) {
    if (evaluation.turns().isEmpty()) {
      return Optional.empty();
    }
    Set<String> turns = new LinkedHashSet<>();
    evaluation.turns().values().forEach(team -> turns.addAll(team.keySet()));
    List<String> names = List.copyOf(turns);
    return Optional.of(
        new Section(
            "turns",
            "Accuracy after each turn",
            "Share of passes, in percent, whose latest stated answer is right after each role has"
                + " spoken; a role that states no answer leaves the one before it standing.",
            List.of(figure(evaluation, names)),
            List.of(table(evaluation, names))));
  }

  private static Figure figure(EvaluationReport evaluation, List<String> turns) {
    List<LineChart.Series> series = new ArrayList<>();
    evaluation
        .turns()
        .forEach(
            (team, accuracies) -> {
              List<Double> x = new ArrayList<>();
              List<Double> y = new ArrayList<>();
              for (int turn = 0; turn < turns.size(); turn++) {
                Double accuracy = accuracies.get(turns.get(turn));
                if (accuracy != null) {
                  x.add((double) turn);
                  y.add(accuracy);
                }
              }
              List<LineChart.Line> lines = List.of(new LineChart.Line(x, y));
              series.add(new LineChart.Series(team, MethodGroup.look(evaluation, team), lines));
            });
    LineChart chart = new LineChart("Accuracy after each turn", series, turns, "", 100);
    return new Figure(
        "turns",
        "Accuracy in percent after each turn; dashed: schedules that are not the paper's.",
        List.of(Figure.Panel.small("", chart.draw())));
  }

  private static Table table(EvaluationReport evaluation, List<String> turns) {
    List<String> names = new ArrayList<>(List.of("Team"));
    turns.forEach(turn -> names.add("After the " + turn));
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, Map<String, @Nullable Double>> team : evaluation.turns().entrySet()) {
      List<String> row = new ArrayList<>(List.of(team.getKey()));
      for (String turn : turns) {
        Double accuracy = team.getValue().get(turn);
        row.add(accuracy == null ? "–" : Numbers.percent(accuracy));
      }
      rows.add(row);
    }
    return Table.ofNumbers("", names, rows);
  }
}
