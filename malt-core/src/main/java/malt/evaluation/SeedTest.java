package malt.evaluation;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * What several seeds say of a mean over seeds, to whoever trains with another one: Student's t with
 * one value a seed. The questions are taken as they are.
 *
 * @param interval of the mean, 95 %
 * @param p two-sided, of a mean of zero: the paired t test where values are differences
 */
record SeedTest(Interval interval, double p) {

  /**
   * @param values one of each seed, two or more
   */
  static SeedTest of(double[] values) {
    int n = values.length;
    if (n < 2) {
      throw new IllegalArgumentException("one seed does not say how seeds differ");
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    double error = Math.sqrt(squares / (n - 1) / n);
    TDistribution t = TDistribution.of(n - 1);
    double half = t.inverseSurvivalProbability(0.025) * error;
    return new SeedTest(new Interval(mean - half, mean + half), p(t, mean, error));
  }

  private static double p(TDistribution t, double mean, double error) {
    if (mean == 0) {
      return 1;
    }
    return error == 0 ? 0 : Math.min(1, 2 * t.survivalProbability(Math.abs(mean) / error));
  }
}
