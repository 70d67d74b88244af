package malt.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import malt.Numbers;
import malt.evaluation.EvaluationReport;
import malt.evaluation.Interval;
import malt.evaluation.MethodResult;
import malt.evaluation.PaperNumbers;
import malt.report.plot.BarChart;

/** Accuracy by method. */
final class AccuracySection {
  /** Column of what the paper reports. */
  static final String PAPER = "Paper %";

  private AccuracySection() {}

  static Optional<Section> of(EvaluationReport evaluation) {
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
            List.of(table(evaluation), costs(evaluation))));
  }

  /** What each row takes, to answer a question and to be trained. */
  private static Table costs(EvaluationReport evaluation) {
    return Table.of(MethodGroup.inOrder(evaluation).entrySet())
        .column("Method", Map.Entry::getKey)
        .column("Calls", row -> Numbers.grouped(row.getValue().calls()))
        .column("Tokens", row -> Numbers.grouped(Math.round(row.getValue().tokens())))
        .column("Rounds", row -> Numbers.grouped(row.getValue().training().rounds()))
        .column("Nodes sampled", row -> Numbers.grouped(row.getValue().training().nodes()))
        .column("Tokens sampled", row -> Numbers.rounded(row.getValue().training().tokensSampled()))
        .column("Tokens trained", row -> Numbers.rounded(row.getValue().training().tokensTrained()))
        .titled(
            "What a row takes: calls of the model and tokens sampled a question; and a seed, before"
                + " that, rounds of sampling, completions and tokens sampled in them, and tokens"
                + " trained on");
  }

  /** What must be known before comparing with some rows, each thing once; "" for nothing. */
  static String notes(EvaluationReport evaluation) {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    MethodGroup.inOrder(evaluation)
        .forEach(
            (name, method) ->
                rows.computeIfAbsent(method.meaning().note(), note -> new ArrayList<>()).add(name));
    rows.remove("");
    return rows.entrySet().stream()
        .map(note -> "%s: %s.".formatted(String.join(", ", note.getValue()), note.getKey()))
        .collect(Collectors.joining(" "));
  }

  private static String lead(EvaluationReport evaluation) {
    String lead =
        "Share of %s test questions answered right, in percent, over %d training seed%s."
            .formatted(
                Numbers.grouped(evaluation.questions()),
                evaluation.seeds().size(),
                evaluation.seeds().size() == 1 ? "" : "s");
    return evaluation.paper().methods().isEmpty()
        ? lead
        : lead
            + " \"Paper\" is what arXiv 2412.01928 reports for %s, with its deviation over runs."
                .formatted(evaluation.paper().title());
  }

  private static BarChart chart(Map<String, MethodResult> methods) {
    List<BarChart.Group> groups =
        Arrays.stream(MethodGroup.values())
            .map(group -> new BarChart.Group(group.title(), bars(group.of(methods))))
            .filter(group -> !group.bars().isEmpty())
            .toList();
    double most = methods.values().stream().mapToDouble(AccuracySection::most).max().orElse(1);
    return new BarChart("Accuracy by method", groups, 100, Math.min(1, Math.max(0.05, most)));
  }

  private static double most(MethodResult method) {
    double seeds =
        method.seeds().stream().mapToDouble(MethodResult.SeedResult::accuracy).max().orElse(0);
    return Math.max(seeds, method.interval().high());
  }

  private static List<BarChart.Bar> bars(Map<String, MethodResult> methods) {
    List<BarChart.Bar> bars = new ArrayList<>();
    methods.forEach(
        (name, method) ->
            bars.add(
                new BarChart.Bar(
                    name,
                    MethodGroup.look(method.meaning()),
                    method.accuracy(),
                    Optional.of(method.interval()),
                    method.seeds().size() < 2
                        ? List.of()
                        : method.seeds().stream().map(MethodResult.SeedResult::accuracy).toList(),
                    Numbers.percent(method.accuracy()) + " " + interval(method.interval()))));
    return bars;
  }

  private static Table table(EvaluationReport evaluation) {
    Table table =
        Table.of(MethodGroup.inOrder(evaluation).entrySet())
            .column("Method", Map.Entry::getKey)
            .column("Accuracy %", row -> Numbers.percent(row.getValue().accuracy()))
            .column("95 % interval", row -> interval(row.getValue().interval()))
            .column(PAPER, row -> paper(evaluation, row.getKey()))
            .column("Right", row -> Numbers.grouped(row.getValue().correct()))
            .column("Answers", row -> Numbers.grouped(row.getValue().n()))
            .column("Calls", row -> Numbers.grouped(row.getValue().calls()))
            .column("By seed", row -> bySeed(row.getValue()))
            .titled("")
            .noted(notes(evaluation));
    return evaluation.paper().methods().isEmpty() ? table.without(PAPER) : table;
  }

  private static String bySeed(MethodResult method) {
    return method.seeds().stream()
        .map(seed -> Numbers.percent(seed.accuracy()))
        .collect(Collectors.joining(" · "));
  }

  /** "84.25 ± 2.28", as far as the paper says. */
  static String paper(EvaluationReport evaluation, String method) {
    PaperNumbers.Published published = evaluation.paper().methods().get(method);
    if (published == null) {
      return "–";
    }
    String accuracy = hundredths(published.accuracy());
    Double deviation = published.deviation();
    return deviation == null ? accuracy : accuracy + " ± " + hundredths(deviation);
  }

  private static String hundredths(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  static String interval(Interval interval) {
    return "[%s, %s]".formatted(Numbers.percent(interval.low()), Numbers.percent(interval.high()));
  }
}
