package malt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class PairedTestTest {
  @Test
  void mcnemar_of_ten_against_two_is_by_hand() {
    // P(12 coins: 0, 1 or 2 heads, or tails) = 2 (1 + 12 + 66) / 4096
    assertThat(PairedTest.mcnemar(10, 2)).isCloseTo(158.0 / 4096, within(1e-14));
    assertThat(PairedTest.mcnemar(2, 10)).isCloseTo(158.0 / 4096, within(1e-14));
    assertThat(PairedTest.mcnemar(5, 0)).isCloseTo(2.0 / 32, within(1e-14));
  }

  @Test
  void mcnemar_without_evidence_is_one() {
    assertThat(PairedTest.mcnemar(0, 0)).isEqualTo(1);
    assertThat(PairedTest.mcnemar(1, 0)).isCloseTo(1, within(1e-12));
    assertThat(PairedTest.mcnemar(700, 700)).isCloseTo(1, within(1e-9));
  }

  @Test
  void mcnemar_of_large_counts_agrees_with_whole_number_arithmetic() {
    // 2 sum_{i >= max} C(n, i) / 2^n, summed in whole numbers
    assertThat(PairedTest.mcnemar(1100, 900))
        .isCloseTo(8.457089535503927e-6, Percentage.withPercentage(1e-6));
    assertThat(PairedTest.mcnemar(5200, 5000))
        .isCloseTo(0.04878796312682245, Percentage.withPercentage(1e-6));
    assertThat(PairedTest.mcnemar(300, 20))
        .isCloseTo(2.849606224389252e-65, Percentage.withPercentage(1e-6));
  }

  @Test
  void a_p_value_is_never_zero() {
    assertThat(PairedTest.mcnemar(5000, 0)).isPositive().isLessThan(1e-300);
  }

  @Test
  void sign_flip_with_one_seed_is_mc_nemar() {
    int[] differences = new int[40];
    Arrays.fill(differences, 0, 10, 1);
    Arrays.fill(differences, 10, 12, -1);
    assertThat(PairedTest.signFlip(differences)).isEqualTo(PairedTest.mcnemar(10, 2));
  }

  @Test
  void sign_flip_equals_the_count_over_all_flips() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      int[] differences = random.ints(1 + random.nextInt(10), -3, 4).toArray();
      assertThat(PairedTest.signFlip(differences))
          .isCloseTo(countedOverAllFlips(differences), within(1e-12));
    }
  }

  private static double countedOverAllFlips(int[] differences) {
    int observed = Math.abs(Arrays.stream(differences).sum());
    int flips = 1 << differences.length;
    int extreme = 0;
    for (int flip = 0; flip < flips; flip++) {
      int sum = 0;
      for (int i = 0; i < differences.length; i++) {
        sum += (flip >> i & 1) == 1 ? -differences[i] : differences[i];
      }
      extreme += Math.abs(sum) >= observed ? 1 : 0;
    }
    return (double) extreme / flips;
  }

  @Test
  void under_the_null_p_values_are_uniform() {
    SplittableRandom random = new SplittableRandom(4);
    int studies = 2000;
    double[] p = new double[studies];
    for (int study = 0; study < studies; study++) {
      int[] differences = new int[300];
      for (int question = 0; question < differences.length; question++) {
        for (int seed = 0; seed < 3; seed++) {
          boolean discordant = random.nextInt(10) < 3;
          differences[question] += discordant ? (random.nextBoolean() ? 1 : -1) : 0;
        }
      }
      p[study] = PairedTest.signFlip(differences);
    }
    for (double level : new double[] {0.05, 0.2, 0.5, 0.8}) {
      double share = Arrays.stream(p).filter(value -> value <= level).count() / (double) studies;
      double error = 4 * Math.sqrt(level * (1 - level) / studies);
      // sums are whole and even steps apart, so p is a little too large: at most one step, 3 %
      assertThat(share).as("p <= %s", level).isBetween(level - error - 0.03, level + error);
    }
  }
}
