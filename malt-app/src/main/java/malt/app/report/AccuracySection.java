package malt.app.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import malt.app.report.plot.BarChart;
import malt.app.report.run.Evaluation;
import malt.app.report.run.Interval;
import malt.app.report.run.MethodResult;
import malt.app.text.Numbers;

/** Accuracy by method. */
final class AccuracySection {
  private AccuracySection() {}

  static Optional<Section> of(Evaluation evaluation) {
    if (evaluation.methods().isEmpty()) {
      return Optional.empty();
    }
    BarChart chart = chart(evaluation.methods());
    return Optional.of(
        new Section(
            "accuracy",
            "Accuracy by method",
            "Share of %s test questions answered right, in percent, over %d training seed%s."
                .formatted(
                    Numbers.grouped(evaluation.questions()),
                    evaluation.seeds().size(),
                    evaluation.seeds().size() == 1 ? "" : "s"),
            List.of(
                Figure.single(
                    "accuracy",
                    "Accuracy in percent with its 95 % interval; a dot for each seed.",
                    chart.wide(),
                    chart.narrow())),
            List.of(table(evaluation.methods()))));
  }

  private static BarChart chart(List<MethodResult> methods) {
    List<BarChart.Group> groups =
        Arrays.stream(MethodGroup.values())
            .map(group -> new BarChart.Group(group.title(), bars(group.of(methods))))
            .filter(group -> !group.bars().isEmpty())
            .toList();
    double most = methods.stream().mapToDouble(AccuracySection::most).max().orElse(1);
    return new BarChart("Accuracy by method", groups, 100, Math.min(1, Math.max(0.05, most)));
  }

  private static double most(MethodResult method) {
    double seeds =
        method.seeds().stream().mapToDouble(MethodResult.SeedResult::accuracy).max().orElse(0);
    return Math.max(seeds, method.interval().high());
  }

  private static List<BarChart.Bar> bars(List<MethodResult> methods) {
    return methods.stream()
        .map(
            method ->
                new BarChart.Bar(
                    method.name(),
                    MethodGroup.look(method.name()),
                    method.accuracy(),
                    Optional.of(method.interval()),
                    method.seeds().size() < 2
                        ? List.of()
                        : method.seeds().stream().map(MethodResult.SeedResult::accuracy).toList(),
                    Numbers.percent(method.accuracy()) + " " + interval(method.interval())))
        .toList();
  }

  static Table table(List<MethodResult> methods) {
    List<List<String>> rows = new ArrayList<>();
    for (MethodResult method : MethodGroup.inOrder(methods)) {
      rows.add(
          List.of(
              method.name(),
              Numbers.percent(method.accuracy()),
              interval(method.interval()),
              Numbers.grouped(method.correct()),
              Numbers.grouped(method.n()),
              calls(method.calls()),
              method.seeds().stream()
                  .map(seed -> Numbers.percent(seed.accuracy()))
                  .reduce((a, b) -> a + " · " + b)
                  .orElse("")));
    }
    return Table.ofNumbers(
        "",
        List.of("Method", "Accuracy %", "95 % interval", "Right", "Answers", "Calls", "By seed"),
        rows);
  }

  static String interval(Interval interval) {
    return "[%s, %s]".formatted(Numbers.percent(interval.low()), Numbers.percent(interval.high()));
  }

  static String calls(double calls) {
    return calls == Math.rint(calls)
        ? Numbers.grouped(Math.round(calls))
        : String.format(Locale.ROOT, "%.1f", calls);
  }
}
