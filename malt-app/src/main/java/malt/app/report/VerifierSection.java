package malt.app.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import malt.app.report.plot.BarChart;
import malt.app.report.run.Evaluation;
import malt.app.report.run.VerifierQuality;
import malt.app.text.Numbers;

/** How well verifiers flag wrong answers, before and after training. */
final class VerifierSection {
  private VerifierSection() {}

  static Optional<Section> of(Evaluation evaluation) {
    List<VerifierQuality> verifiers = evaluation.verifiers();
    if (verifiers.isEmpty()) {
      return Optional.empty();
    }
    BarChart chart =
        new BarChart(
            "Balanced accuracy of verifiers",
            List.of(
                new BarChart.Group(
                    "",
                    verifiers.stream()
                        .filter(verifier -> verifier.balancedAccuracy().isPresent())
                        .map(VerifierSection::bar)
                        .toList())),
            100,
            1);
    return Optional.of(
        new Section(
            "verifier",
            "The verifier's eye for wrong answers",
            "Whether a critique says that the answer before it is wrong. MA is the untrained"
                + " verifier; balanced accuracy of 50 % is guessing.",
            List.of(
                Figure.single(
                    "verifier",
                    "Balanced accuracy in percent, by team.",
                    chart.wide(),
                    chart.narrow())),
            List.of(
                Table.ofNumbers(
                    "",
                    List.of(
                        "Team",
                        "Wrong answers flagged %",
                        "Right answers flagged %",
                        "Balanced accuracy %",
                        "Wrong seen",
                        "Right seen"),
                    verifiers.stream().map(VerifierSection::cells).toList()))));
  }

  private static BarChart.Bar bar(VerifierQuality verifier) {
    double accuracy = verifier.balancedAccuracy().orElse(0);
    return new BarChart.Bar(
        verifier.team(),
        MethodGroup.look(verifier.team()),
        accuracy,
        Optional.empty(),
        List.of(),
        Numbers.percent(accuracy));
  }

  private static List<String> cells(VerifierQuality verifier) {
    return List.of(
        verifier.team(),
        percent(verifier.recall()),
        percent(verifier.falseAlarm()),
        percent(verifier.balancedAccuracy()),
        Numbers.grouped(verifier.wrong()),
        Numbers.grouped(verifier.right()));
  }

  private static String percent(OptionalDouble share) {
    return share.isEmpty() ? "–" : Numbers.percent(share.getAsDouble());
  }
}
