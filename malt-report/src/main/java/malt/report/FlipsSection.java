package malt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import malt.Numbers;
import malt.evaluation.EvaluationReport;
import malt.evaluation.Flips;
import malt.report.plot.StackedChart;

/** What became of the first turn's answer. */
final class FlipsSection {
  private static final List<StackedChart.Part> PARTS =
      List.of(
          new StackedChart.Part("stayed right", "kept"),
          new StackedChart.Part("corrected", "better"),
          new StackedChart.Part("spoiled", "worse"),
          new StackedChart.Part("stayed wrong", "open"));

  private FlipsSection() {}

  static Optional<Section> of(EvaluationReport evaluation) {
    if (evaluation.flips().isEmpty()) {
      return Optional.empty();
    }
    List<StackedChart.Row> rows = new ArrayList<>();
    evaluation
        .flips()
        .forEach((team, flips) -> rows.add(new StackedChart.Row(team, counts(flips))));
    StackedChart chart = new StackedChart("What became of the first answer", PARTS, rows);
    return Optional.of(
        new Section(
            "flips",
            "Self-correction",
            "From the first turn's answer to the final one, counted over passes.",
            List.of(
                Figure.single(
                    "flips",
                    "Share of passes, in percent, by what became of the first answer.",
                    chart.wide(),
                    chart.narrow())),
            List.of(table(rows))));
  }

  private static List<Long> counts(Flips flips) {
    return List.of(
        flips.rightToRight(), flips.wrongToRight(), flips.rightToWrong(), flips.wrongToWrong());
  }

  private static Table table(List<StackedChart.Row> rows) {
    return Table.ofNumbers(
        "",
        List.of("Team", "Stayed right", "Corrected", "Spoiled", "Stayed wrong", "Net gain"),
        rows.stream()
            .map(
                row -> {
                  List<String> cells = new ArrayList<>(List.of(row.label()));
                  row.counts().forEach(count -> cells.add(Numbers.grouped(count)));
                  cells.add(Numbers.grouped(row.counts().get(1) - row.counts().get(2)));
                  return List.copyOf(cells);
                })
            .toList());
  }
}
