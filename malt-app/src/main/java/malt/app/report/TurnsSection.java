package malt.app.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import malt.app.report.plot.LineChart;
import malt.app.report.run.Evaluation;
import malt.app.text.Numbers;

/** Accuracy after each turn. */
final class TurnsSection {
  private TurnsSection() {}

  static Optional<Section> of(Evaluation evaluation) {
    Map<String, Map<String, Double>> turns = evaluation.turns();
    if (turns.isEmpty()) {
      return Optional.empty();
    }
    Set<String> roles = new LinkedHashSet<>();
    turns.values().forEach(team -> roles.addAll(team.keySet()));
    List<String> names = List.copyOf(roles);
    return Optional.of(
        new Section(
            "turns",
            "Accuracy after each turn",
            "Share of passes, in percent, whose latest stated answer is right after each role has"
                + " spoken; a role that states no answer leaves the one before it standing.",
            List.of(figure(turns, names)),
            List.of(table(turns, names))));
  }

  private static Figure figure(Map<String, Map<String, Double>> turns, List<String> roles) {
    List<LineChart.Series> series = new ArrayList<>();
    turns.forEach(
        (team, accuracies) -> {
          List<Double> x = new ArrayList<>();
          List<Double> y = new ArrayList<>();
          for (int i = 0; i < roles.size(); i++) {
            if (accuracies.containsKey(roles.get(i))) {
              x.add((double) i);
              y.add(accuracies.get(roles.get(i)));
            }
          }
          List<LineChart.Line> lines = List.of(new LineChart.Line(x, y));
          series.add(new LineChart.Series(team, MethodGroup.look(team), lines));
        });
    LineChart chart = new LineChart("Accuracy after each turn", series, roles, "", 100);
    return new Figure(
        "turns",
        "Accuracy in percent after each turn; dashed: the generator trained first.",
        List.of(Figure.Panel.small("", chart.draw())));
  }

  private static Table table(Map<String, Map<String, Double>> turns, List<String> roles) {
    List<String> names = new ArrayList<>(List.of("Team"));
    roles.forEach(role -> names.add("After the " + role));
    List<List<String>> rows = new ArrayList<>();
    turns.forEach(
        (team, accuracies) -> {
          List<String> row = new ArrayList<>(List.of(team));
          for (String role : roles) {
            Double accuracy = accuracies.get(role);
            row.add(accuracy == null ? "–" : Numbers.percent(accuracy));
          }
          rows.add(row);
        });
    return Table.ofNumbers("", names, rows);
  }
}
