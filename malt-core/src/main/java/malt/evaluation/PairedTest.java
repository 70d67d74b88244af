package malt.evaluation;

import java.util.Arrays;

/** Exact two-sided tests of paired outcomes. */
public final class PairedTest {
  private PairedTest() {}

  /**
   * McNemar's exact test: each discordant question favours either side with probability 1/2.
   *
   * @param aOnly questions right with a only
   * @param bOnly questions right with b only
   */
  public static double mcnemar(int aOnly, int bOnly) {
    return signFlip(new int[] {0, aOnly + bOnly}, Math.abs(aOnly - bOnly));
  }

  /**
   * The sign-flip permutation test of "the differences are symmetric about 0", over all 2^Q flips.
   * The sum of the flipped differences is a sum of binomials, so its distribution is computed
   * outright instead of being sampled. With differences of -1, 0 and 1 it is McNemar's test.
   *
   * @param differences one whole number per question, such as its difference summed over seeds, or
   *     per cluster of questions, such as the sum of theirs
   */
  public static double signFlip(int[] differences) {
    int largest = Arrays.stream(differences).map(Math::abs).max().orElse(0);
    int[] counts = new int[largest + 1];
    for (int difference : differences) {
      counts[Math.abs(difference)]++;
    }
    return signFlip(counts, Math.abs(Arrays.stream(differences).sum()));
  }

  /** With {@code counts[m]} differences of magnitude m, whose sum was {@code observed} or -it. */
  private static double signFlip(int[] counts, int observed) {
    double[] distribution = {1}; // of the sum of the magnitudes whose sign is +
    for (int magnitude = 1; magnitude < counts.length; magnitude++) {
      distribution = convolve(distribution, magnitude, fairCoins(counts[magnitude]));
    }
    int total = distribution.length - 1;
    double p = 0;
    for (int plus = 0; plus <= total; plus++) {
      if (Math.abs(2 * plus - total) >= observed) {
        p += distribution[plus];
      }
    }
    return Math.min(1, Math.max(p, Double.MIN_NORMAL));
  }

  private static double[] convolve(double[] distribution, int magnitude, double[] heads) {
    double[] sum = new double[distribution.length + magnitude * (heads.length - 1)];
    for (int j = 0; j < heads.length; j++) {
      for (int i = 0; i < distribution.length; i++) {
        sum[i + magnitude * j] += distribution[i] * heads[j];
      }
    }
    return sum;
  }

  /** Probabilities of 0 .. n heads, (n + 1). */
  private static double[] fairCoins(int n) {
    double[] logFactorial = new double[n + 1];
    for (int i = 2; i <= n; i++) {
      logFactorial[i] = logFactorial[i - 1] + Math.log(i);
    }
    double[] probabilities = new double[n + 1];
    for (int heads = 0; heads <= n; heads++) {
      double ways = logFactorial[n] - logFactorial[heads] - logFactorial[n - heads];
      probabilities[heads] = Math.exp(ways - n * Math.log(2));
    }
    return probabilities;
  }
}
