package malt.app.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import malt.app.report.plot.BarChart;
import malt.app.report.run.Evaluation;
import malt.app.report.run.Interval;
import malt.app.report.run.MethodResult;
import malt.app.report.run.Published;
import malt.app.text.Numbers;

/** Accuracy by method. */
final class AccuracySection {
  /** Column of what the paper reports. */
  static final String PAPER = "Paper %";

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
            lead(evaluation),
            List.of(
                Figure.single(
                    "accuracy",
                    "Accuracy in percent with its 95 % interval; a dot for each seed.",
                    chart.wide(),
                    chart.narrow())),
            List.of(table(evaluation))));
  }

  private static String lead(Evaluation evaluation) {
    String lead =
        "Share of %s test questions answered right, in percent, over %d training seed%s."
            .formatted(
                Numbers.grouped(evaluation.questions()),
                evaluation.seeds().size(),
                evaluation.seeds().size() == 1 ? "" : "s");
    return evaluation.paper().isEmpty()
        ? lead
        : lead
            + " \"Paper\" is what arXiv 2412.01928 reports for %s, with its deviation over runs."
                .formatted(evaluation.paperTitle());
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

  private static Table table(Evaluation evaluation) {
    List<List<String>> rows = new ArrayList<>();
    for (MethodResult method : MethodGroup.inOrder(evaluation.methods())) {
      rows.add(
          List.of(
              method.name(),
              Numbers.percent(method.accuracy()),
              interval(method.interval()),
              paper(evaluation, method),
              Numbers.grouped(method.correct()),
              Numbers.grouped(method.n()),
              calls(method.calls()),
              method.seeds().stream()
                  .map(seed -> Numbers.percent(seed.accuracy()))
                  .reduce((a, b) -> a + " · " + b)
                  .orElse("")));
    }
    Table table =
        Table.ofNumbers(
            "",
            List.of(
                "Method",
                "Accuracy %",
                "95 % interval",
                PAPER,
                "Right",
                "Answers",
                "Calls",
                "By seed"),
            rows);
    return evaluation.paper().isEmpty() ? table.without(PAPER) : table;
  }

  /** "84.25 ± 2.28", as far as the paper says. */
  static String paper(Evaluation evaluation, MethodResult method) {
    Published published = evaluation.paper().get(method.name());
    if (published == null) {
      return "–";
    }
    String accuracy = hundredths(published.accuracy());
    OptionalDouble deviation = published.deviation();
    return deviation.isEmpty() ? accuracy : accuracy + " ± " + hundredths(deviation.getAsDouble());
  }

  private static String hundredths(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
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
