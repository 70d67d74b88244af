package malt.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void wilson_of_half_of_a_hundred_is_by_hand() {
    // z^2 = 3.8415: centre .5, half width 1.96 / 1.038415 * sqrt(.0025 + 3.8415 / 40000) = .0962
    Interval interval = Interval.wilson(50, 100);
    assertThat(interval.low()).isCloseTo(0.4038, within(5e-5));
    assertThat(interval.high()).isCloseTo(0.5962, within(5e-5));
  }

  @Test
  void wilson_of_nothing_and_of_all_stays_within_zero_and_one() {
    // 0 of n: high = z^2 / (n + z^2) = 3.8415 / 13.8415
    Interval none = Interval.wilson(0, 10);
    assertThat(none.low()).isCloseTo(0, within(1e-12));
    assertThat(none.high()).isCloseTo(0.27753, within(5e-6));
    Interval all = Interval.wilson(10, 10);
    assertThat(all.low()).isCloseTo(1 - 0.27753, within(5e-6));
    assertThat(all.high()).isCloseTo(1, within(1e-12)).isLessThanOrEqualTo(1);
  }

  @Test
  void holm_is_by_hand() {
    // ascending .005 .01 .03 .04 times 4 3 2 1 = .02 .03 .06 .04; never below the one before
    assertThat(HolmCorrection.of(new double[] {0.01, 0.04, 0.03, 0.005}))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
  }

  @Test
  void holm_never_exceeds_one_and_leaves_a_single_test_alone() {
    assertThat(HolmCorrection.of(new double[] {0.7, 0.6})).containsExactly(1, 1);
    assertThat(HolmCorrection.of(new double[] {0.04})).containsExactly(0.04);
    assertThat(HolmCorrection.of(new double[0])).isEmpty();
  }

  @Test
  void the_bootstrap_is_the_same_for_the_same_seed() {
    int[][] values = {new SplittableRandom(2).ints(500, -99, 99).toArray()};
    assertThat(new Bootstrap(500, 9).overQuestions(values, Clusters.single(500)))
        .isEqualTo(new Bootstrap(500, 9).overQuestions(values, Clusters.single(500)))
        .isNotEqualTo(new Bootstrap(500, 11).overQuestions(values, Clusters.single(500)));
  }

  @Test
  void the_bootstrap_of_a_constant_is_that_constant() {
    Interval interval =
        new Bootstrap(100, 1).overQuestions(new int[][] {{1, 1, 1}, {0, 0, 0}}, Clusters.single(3));
    assertThat(interval).isEqualTo(new Interval(0.5, 0.5));
  }

  @Test
  void five_seeds_are_students_t_with_four_degrees_of_freedom() {
    // mean 0.88, standard error 0.746760, t = 1.178424; 97.5 % of t(4) is 2.776445
    SeedTest test = SeedTest.of(new double[] {-0.35, 0.50, 3.55, 1.30, -0.60});
    assertThat(test.p()).isCloseTo(0.303943, within(1e-5));
    assertThat(test.interval().low()).isCloseTo(0.88 - 2.073337, within(1e-5));
    assertThat(test.interval().high()).isCloseTo(0.88 + 2.073337, within(1e-5));
  }

  @Test
  void seeds_that_agree_have_no_error_and_no_difference_has_p_one() {
    assertThat(SeedTest.of(new double[] {0.25, 0.25}))
        .isEqualTo(new SeedTest(new Interval(0.25, 0.25), 0));
    assertThat(SeedTest.of(new double[] {0, 0}).p()).isEqualTo(1);
    assertThat(SeedTest.of(new double[] {-1, 1}).p()).isEqualTo(1);
    assertThatThrownBy(() -> SeedTest.of(new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_interval_over_few_seeds_covers_as_often_as_it_says() {
    SplittableRandom random = new SplittableRandom(3);
    int studies = 2000;
    int covered = 0;
    for (int study = 0; study < studies; study++) {
      double[] seeds = new double[5];
      for (int seed = 0; seed < 5; seed++) {
        seeds[seed] = 2 + random.nextGaussian();
      }
      covered += SeedTest.of(seeds).interval().contains(2) ? 1 : 0;
    }
    // .95 +- 4 standard errors of sqrt(.95 * .05 / 2000) = .0049
    assertThat(covered / (double) studies).isBetween(0.930, 0.970);
  }

  @Test
  void the_bootstrap_covers_a_known_difference_as_often_as_it_says() {
    SplittableRandom random = new SplittableRandom(5);
    int studies = 400;
    int covered = 0;
    for (int study = 0; study < studies; study++) {
      int[][] differences = new int[1][250];
      for (int question = 0; question < differences[0].length; question++) {
        double u = random.nextDouble(); // P(+1) = .2, P(-1) = .1: true difference .1
        differences[0][question] = u < 0.2 ? 1 : u < 0.3 ? -1 : 0;
      }
      Interval interval =
          new Bootstrap(800, study).overQuestions(differences, Clusters.single(250));
      covered += interval.contains(0.1) ? 1 : 0;
    }
    // .95 +- 4 standard errors of sqrt(.95 * .05 / 400) = .011
    assertThat(covered / (double) studies).isBetween(0.906, 0.994);
  }

  @Test
  void the_detectable_difference_is_by_hand() {
    // 10 % of 2,000 discordant, s^2 = .1: 44.721 d = 1.96 * .31623 + .8416 * sqrt(.1 - d^2)
    // at d = .0198: .88549 = .61980 + .26560 = .88540
    double[] differences = new double[2000];
    for (int i = 0; i < 200; i++) {
      differences[i] = i < 150 ? 1 : -1;
    }
    assertThat(DetectableDifference.of(differences).orElseThrow()).isCloseTo(0.0198, within(2e-5));
  }

  @Test
  void no_difference_is_detectable_with_too_little_discordance() {
    assertThat(DetectableDifference.of(new double[100])).isEmpty();
    double[] twice = new double[100];
    twice[0] = 1;
    twice[1] = -1;
    assertThat(DetectableDifference.of(twice)).isEmpty();
  }

  @Test
  void the_detectable_difference_is_detected_in_four_of_five_studies() {
    int questions = 1000;
    double discordance = 0.2;
    double[] seen = new double[questions];
    for (int i = 0; i < questions * discordance; i++) {
      seen[i] = i % 2 == 0 ? 1 : -1;
    }
    double delta = DetectableDifference.of(seen).orElseThrow();
    SplittableRandom random = new SplittableRandom(6);
    int found = 0;
    int studies = 1000;
    for (int study = 0; study < studies; study++) {
      int aOnly = 0;
      int bOnly = 0;
      for (int question = 0; question < questions; question++) {
        double u = random.nextDouble();
        aOnly += u < (discordance + delta) / 2 ? 1 : 0;
        bOnly += u > 1 - (discordance - delta) / 2 ? 1 : 0;
      }
      found += PairedTest.mcnemar(aOnly, bOnly) < 0.05 ? 1 : 0;
    }
    // the exact test is a little more cautious than the normal curve of the formula
    assertThat(found / (double) studies).isBetween(0.73, 0.84);
  }
}
