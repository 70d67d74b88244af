package malt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import malt.Numbers;
import malt.evaluation.ComparisonResult;
import malt.evaluation.EvaluationReport;
import malt.evaluation.Interval;
import malt.report.plot.DifferenceChart;

/** Differences between methods, paired by question. */
final class ComparisonSection {
  private ComparisonSection() {}

  static Optional<Section> of(EvaluationReport evaluation) {
    List<ComparisonResult> comparisons = evaluation.comparisons();
    if (comparisons.isEmpty()) {
      return Optional.empty();
    }
    DifferenceChart chart =
        new DifferenceChart(
            "Differences in accuracy", comparisons.stream().map(ComparisonSection::row).toList());
    List<Table> tables = new ArrayList<>();
    tables.add(table(comparisons));
    given(comparisons).ifPresent(tables::add);
    mcnemar(comparisons).ifPresent(tables::add);
    return Optional.of(
        new Section(
            "comparisons",
            "Comparisons",
            ("Each pair of methods answered the same questions. Differences are in percentage"
                    + " points; p is two-sided, and Holm's correction is for all rows together. "
                    + evaluation.power())
                .strip(),
            List.of(
                Figure.single(
                    "comparisons",
                    "Difference with its 95 % interval; grey where the interval contains zero.",
                    chart.wide(),
                    chart.narrow())),
            tables));
  }

  private static DifferenceChart.Row row(ComparisonResult comparison) {
    double difference = comparison.difference();
    String series =
        comparison.interval().contains(0) ? "open" : difference > 0 ? "better" : "worse";
    return new DifferenceChart.Row(
        name(comparison),
        series,
        difference,
        comparison.interval(),
        Numbers.points(difference) + " " + interval(comparison.interval()));
  }

  static Table table(List<ComparisonResult> comparisons) {
    return Table.of(comparisons)
        .column("Comparison", ComparisonSection::name)
        .column("Points", row -> Numbers.points(row.difference()))
        .column("95 % interval", row -> interval(row.interval()))
        .column("Relative", row -> row.relative() == null ? "–" : Numbers.relative(row.relative()))
        .column("p", row -> Numbers.p(row.p()))
        .column("p (Holm)", row -> Numbers.p(row.pHolm()))
        .titled("");
  }

  private static String name(ComparisonResult comparison) {
    return comparison.a() + " against " + comparison.b();
  }

  /** What is so given the adapters, where the first table speaks for the method. */
  private static Optional<Table> given(List<ComparisonResult> comparisons) {
    List<ComparisonResult> given =
        comparisons.stream()
            .filter(comparison -> comparison.basis() == ComparisonResult.Basis.SEEDS)
            .toList();
    return given.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Table.of(given)
                .column("Comparison", ComparisonSection::name)
                .column("95 % interval", row -> interval(row.given().interval()))
                .column("p", row -> Numbers.p(row.given().p()))
                .titled("These adapters alone, over questions"));
  }

  private static Optional<Table> mcnemar(List<ComparisonResult> comparisons) {
    List<List<String>> rows = new ArrayList<>();
    for (ComparisonResult comparison : comparisons) {
      for (ComparisonResult.McNemar seed : comparison.mcnemar()) {
        rows.add(
            List.of(
                name(comparison),
                Long.toString(seed.seed()),
                Numbers.grouped(seed.aOnly()),
                Numbers.grouped(seed.bOnly()),
                Numbers.p(seed.p())));
      }
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Table.ofNumbers(
                "Exact McNemar test by seed",
                List.of("Comparison", "Seed", "Only the first right", "Only the second", "p"),
                rows));
  }

  private static String interval(Interval interval) {
    return "[%s, %s]".formatted(Numbers.points(interval.low()), Numbers.points(interval.high()));
  }
}
