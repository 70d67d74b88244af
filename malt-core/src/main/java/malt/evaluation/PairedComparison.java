package malt.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import malt.ConfigException;

/** Compares two methods, evaluated on the same questions, over the seeds they share. */
final class PairedComparison {
  private PairedComparison() {}

  static ComparisonResult of(Comparison comparison, OutcomeTable a, OutcomeTable b) {
    List<Long> seeds = a.seeds().stream().filter(b.seeds()::contains).toList();
    if (seeds.isEmpty()) {
      throw new ConfigException(
          "%s and %s cannot be compared: no seed has both"
              .formatted(comparison.a(), comparison.b()));
    }
    int[][] differences = new int[seeds.size()][];
    int[] sums = new int[a.questions()];
    List<ComparisonResult.McNemar> tests = new ArrayList<>();
    for (int s = 0; s < seeds.size(); s++) {
      differences[s] = minus(a.column(seeds.get(s)), b.column(seeds.get(s)));
      add(sums, differences[s]);
      tests.add(test(seeds.get(s), differences[s], a.clusters()));
    }
    double cells = (double) seeds.size() * sums.length;
    double difference = Arrays.stream(sums).sum() / cells;
    double accuracy =
        seeds.stream().mapToInt(seed -> Arrays.stream(b.column(seed)).sum()).sum() / cells;
    Clusters clusters = a.clusters();
    ComparisonResult.Given given =
        new ComparisonResult.Given(
            Tabulation.bootstrap(comparison.a(), comparison.b())
                .overQuestions(differences, clusters),
            PairedTest.signFlip(clusters.sums(sums)));
    SeedTest overSeeds = seeds.size() < 2 ? null : SeedTest.of(meansBySeed(differences));
    double p = overSeeds == null ? given.p() : Math.max(overSeeds.p(), given.p());
    OptionalDouble detectable = DetectableDifference.of(means(clusters, sums, seeds.size()));
    return new ComparisonResult(
        comparison.a(),
        comparison.b(),
        difference,
        overSeeds == null ? ComparisonResult.Basis.ADAPTERS : ComparisonResult.Basis.SEEDS,
        overSeeds == null ? given.interval() : overSeeds.interval().and(given.interval()),
        accuracy == 0 ? null : Double.valueOf(difference / accuracy),
        p,
        p,
        given,
        detectable.isEmpty() ? null : Double.valueOf(detectable.getAsDouble()),
        tests);
  }

  private static double[] meansBySeed(int[][] differences) {
    return Arrays.stream(differences)
        .mapToDouble(seed -> Arrays.stream(seed).average().orElse(0))
        .toArray();
  }

  private static int[] minus(int[] a, int[] b) {
    int[] difference = new int[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  private static void add(int[] sums, int[] addends) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += addends[i];
    }
  }

  /** Each cluster's part in the difference of accuracies, (C), whose mean is the whole. */
  private static double[] means(Clusters clusters, int[] sums, int seeds) {
    double cells = (double) seeds * sums.length / clusters.count(); // of a cluster, on average
    return Arrays.stream(clusters.sums(sums)).mapToDouble(sum -> sum / cells).toArray();
  }

  private static ComparisonResult.McNemar test(long seed, int[] differences, Clusters clusters) {
    int aOnly = (int) Arrays.stream(differences).filter(d -> d > 0).count();
    int bOnly = (int) Arrays.stream(differences).filter(d -> d < 0).count();
    double p =
        clusters.together()
            ? PairedTest.signFlip(clusters.sums(differences))
            : PairedTest.mcnemar(aOnly, bOnly);
    return new ComparisonResult.McNemar(seed, aOnly, bOnly, p);
  }
}
