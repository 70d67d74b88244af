package malt.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What the numbers of a report are, in words. */
final class Explanation {
  static final String WILSON = "Wilson";
  static final String STUDENT = "Student's t over seeds, joined with a bootstrap over questions";
  static final String CLUSTER_BOOTSTRAP = "bootstrap over clusters of questions";

  private Explanation() {}

  static String ofTests(int comparisons, int resamples, Clusters clusters) {
    return String.format(
        Locale.ROOT,
        """
        difference: accuracy of a minus accuracy of b on the same questions and seeds; \
        given these adapters the interval (95 %%) is of %,d paired bootstrap resamples of \
        questions, and p of the exact two-sided sign-flip permutation test over questions of the \
        difference summed over seeds (with one seed: McNemar's exact test); \
        with several seeds interval and p are those of the paired t test over seeds, joined with \
        the former: the larger p, both intervals; they speak for the method, trained with other \
        seeds; with one seed they speak for these adapters alone; \
        p_holm: Holm's correction over the whole table of comparisons (%d).%s\
        """,
        resamples,
        comparisons,
        ofClusters(clusters));
  }

  private static String ofClusters(Clusters clusters) {
    return clusters.together()
        ? String.format(
            Locale.ROOT,
            " The %,d questions are instances of %,d templates: those of one are flipped and drawn"
                + " together, in every test and interval.",
            clusters.questions(),
            clusters.count())
        : "";
  }

  static String ofPower(int questions, int seeds, List<ComparisonResult> comparisons) {
    double[] points =
        comparisons.stream()
            .map(ComparisonResult::detectable)
            .filter(Objects::nonNull)
            .mapToDouble(difference -> 100 * difference)
            .sorted()
            .toArray();
    String sample =
        String.format(
            Locale.ROOT,
            "With %,d questions and %d seed%s",
            questions,
            seeds,
            seeds == 1 ? "" : "s");
    if (points.length == 0) {
      return sample + " no comparison has enough discordant questions to detect any difference.";
    }
    String size =
        points.length == 1
            ? String.format(Locale.ROOT, "%.1f points", points[0])
            : String.format(
                Locale.ROOT,
                "%.1f to %.1f points, depending on the comparison,",
                points[0],
                points[points.length - 1]);
    return "%s a difference of %s is detected with 80 %% probability at p < 0.05, uncorrected."
        .formatted(sample, size);
  }
}
