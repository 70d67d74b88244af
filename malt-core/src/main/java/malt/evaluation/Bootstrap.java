package malt.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap of a mean over questions, the seeds at hand taken as they are. Clusters of
 * questions are drawn whole, with all their seeds; drawing from paired differences makes it a
 * paired bootstrap.
 *
 * @param randomSeed the same seed gives the same interval
 */
public record Bootstrap(int resamples, long randomSeed) {
  /** Resamples questions only: the seeds at hand are taken as they are. */
  Interval overQuestions(int[][] values, Clusters clusters) {
    SplittableRandom random = new SplittableRandom(randomSeed);
    double[] means = new double[resamples];
    int[] sizes = clusters.sizes();
    int[] sums = clusters.sums(sums(values));
    for (int resample = 0; resample < resamples; resample++) {
      long sum = 0;
      long questions = 0;
      for (int i = 0; i < sums.length; i++) {
        int drawn = below(sums.length, random);
        sum += sums[drawn];
        questions += sizes[drawn];
      }
      means[resample] = sum / ((double) values.length * questions);
    }
    Arrays.sort(means);
    int tail = (int) (0.025 * resamples);
    return new Interval(means[tail], means[resamples - 1 - tail]);
  }

  /** Each question's sum over seeds, (Q). */
  private static int[] sums(int[][] values) {
    int[] sums = new int[values[0].length];
    for (int seed = 0; seed < values.length; seed++) {
      for (int question = 0; question < sums.length; question++) {
        sums[question] += values[seed][question];
      }
    }
    return sums;
  }

  /** Uniform in 0 .. n-1 without a division; its bias of n / 2^32 is far below the resampling's. */
  private static int below(int n, SplittableRandom random) {
    return (int) (((random.nextLong() >>> 32) * n) >>> 32);
  }
}
