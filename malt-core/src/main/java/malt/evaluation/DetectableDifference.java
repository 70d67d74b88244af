package malt.evaluation;

import java.util.OptionalDouble;

/**
 * The smallest true difference of accuracies that a paired test at p < 0.05 finds with 80 %
 * probability: the delta with {@code N delta^2 = (z_0.975 s + z_0.8 sqrt(s^2 - delta^2))^2} (Connor
 * 1987), where s^2 is the mean square of the per-question difference; with one seed that is the
 * share of discordant questions.
 */
public final class DetectableDifference {
  private static final double Z_POWER = 0.8416212335729143; // 80 %

  private DetectableDifference() {}

  /**
   * For as many questions, or clusters of them, as there are differences, discordant as they are.
   *
   * @param differences of accuracies, of each question or cluster over all seeds
   * @return a difference of accuracies; empty where even all discordance in one direction is too
   *     little
   */
  public static OptionalDouble of(double[] differences) {
    double square = 0;
    double largest = 0;
    for (double mean : differences) {
      square += mean * mean / differences.length;
      largest += Math.abs(mean) / differences.length;
    }
    if (excess(largest, square, differences.length) < 0 || largest == 0) {
      return OptionalDouble.empty();
    }
    double low = 0;
    double high = largest;
    for (int halving = 0; halving < 60; halving++) {
      double middle = (low + high) / 2;
      if (excess(middle, square, differences.length) < 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return OptionalDouble.of(high);
  }

  private static double excess(double delta, double square, int questions) {
    double spread = Math.sqrt(Math.max(0, square - delta * delta));
    return Math.sqrt(questions) * delta - Interval.Z * Math.sqrt(square) - Z_POWER * spread;
  }
}
