package malt.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import malt.app.report.plot.DifferenceChart;
import malt.app.report.run.Comparison;
import malt.app.report.run.Evaluation;
import malt.app.report.run.Interval;
import malt.app.text.Numbers;

/** Differences between methods, paired by question. */
final class ComparisonSection {
  private ComparisonSection() {}

  static Optional<Section> of(Evaluation evaluation) {
    List<Comparison> comparisons = evaluation.comparisons();
    if (comparisons.isEmpty()) {
      return Optional.empty();
    }
    DifferenceChart chart =
        new DifferenceChart(
            "Differences in accuracy", comparisons.stream().map(ComparisonSection::row).toList());
    List<Table> tables = new ArrayList<>();
    tables.add(table(comparisons));
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

  private static DifferenceChart.Row row(Comparison comparison) {
    double difference = comparison.difference();
    String series =
        comparison.interval().contains(0) ? "open" : difference > 0 ? "better" : "worse";
    return new DifferenceChart.Row(
        comparison.a() + " against " + comparison.b(),
        series,
        difference,
        comparison.interval(),
        Numbers.points(difference) + " " + interval(comparison.interval()));
  }

  static Table table(List<Comparison> comparisons) {
    return Table.ofNumbers(
        "",
        List.of("Comparison", "Points", "95 % interval", "Relative", "p", "p (Holm)"),
        comparisons.stream().map(ComparisonSection::cells).toList());
  }

  private static List<String> cells(Comparison comparison) {
    return List.of(
        comparison.a() + " against " + comparison.b(),
        Numbers.points(comparison.difference()),
        interval(comparison.interval()),
        relative(comparison.relative()),
        p(comparison.p()),
        p(comparison.holm()));
  }

  private static Optional<Table> mcnemar(List<Comparison> comparisons) {
    List<List<String>> rows = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      for (Comparison.McNemar seed : comparison.mcnemar()) {
        rows.add(
            List.of(
                comparison.a() + " against " + comparison.b(),
                Long.toString(seed.seed()),
                Numbers.grouped(seed.onlyA()),
                Numbers.grouped(seed.onlyB()),
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

  private static String relative(OptionalDouble relative) {
    return relative.isEmpty()
        ? "–"
        : String.format(Locale.ROOT, "%+.1f %%", 100 * relative.getAsDouble()).replace('-', '−');
  }

  private static String p(OptionalDouble p) {
    return p.isEmpty() ? "–" : Numbers.p(p.getAsDouble());
  }
}
