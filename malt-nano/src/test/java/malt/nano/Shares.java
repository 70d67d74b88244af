package malt.nano;

import static org.assertj.core.api.Assertions.assertThat;

/** Hits among trials, compared with a probability within four standard errors. */
record Shares(int hits, int trials) {
  static Shares of(int hits, int trials) {
    return new Shares(hits, trials);
  }

  void areNear(double probability) {
    double error = Math.sqrt(probability * (1 - probability) / trials);
    assertThat(trials).as("trials").isGreaterThanOrEqualTo(30);
    assertThat((double) hits / trials)
        .as("%d of %d against %s", hits, trials, probability)
        .isBetween(probability - 4 * error, probability + 4 * error);
  }
}
