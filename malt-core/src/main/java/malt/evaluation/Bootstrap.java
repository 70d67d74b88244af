package malt.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Percentile bootstrap of a mean over seeds and questions. Clusters of questions are drawn whole,
 * with all their seeds; drawing from paired differences makes it a paired bootstrap.
 *
 * @param randomSeed the same seed gives the same interval
 */
public record Bootstrap(int resamples, long randomSeed) {
  /** Resamples questions only: the seeds at hand are taken as they are. */
  Interval overQuestions(int[][] values, Clusters clusters) {
    return interval(values, clusters, false);
  }

  /**
   * Resamples questions, and training seeds where there are several: what other seeds and other
   * questions would have given.
   *
   * @param values (S, Q)
   */
  Interval overQuestionsAndSeeds(int[][] values, Clusters clusters) {
    return interval(values, clusters, values.length > 1);
  }

  private Interval interval(int[][] values, Clusters clusters, boolean drawSeeds) {
    SplittableRandom random = new SplittableRandom(randomSeed);
    double[] means = new double[resamples];
    int[] sizes = clusters.sizes();
    int[] sums = clusters.sums(sums(values, ones(values.length)));
    for (int resample = 0; resample < resamples; resample++) {
      if (drawSeeds) {
        sums = clusters.sums(sums(values, draw(values.length, random)));
      }
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

  /** Each question's sum over seeds, seed s counted weights[s] times, (Q). */
  private static int[] sums(int[][] values, int[] weights) {
    int[] sums = new int[values[0].length];
    for (int seed = 0; seed < values.length; seed++) {
      for (int question = 0; question < sums.length; question++) {
        sums[question] += weights[seed] * values[seed][question];
      }
    }
    return sums;
  }

  /** Uniform in 0 .. n-1 without a division; its bias of n / 2^32 is far below the resampling's. */
  private static int below(int n, SplittableRandom random) {
    return (int) (((random.nextLong() >>> 32) * n) >>> 32);
  }

  private static int[] ones(int n) {
    int[] ones = new int[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static int[] draw(int n, SplittableRandom random) {
    int[] counts = new int[n];
    for (int i = 0; i < n; i++) {
      counts[below(n, random)]++;
    }
    return counts;
  }
}
