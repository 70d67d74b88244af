package malt.nano;

import java.util.List;
import malt.Seeds;

/** A stream of random choices (SplitMix64): the same seed chooses the same on every JVM. */
final class Dice {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  Dice(long seed) {
    this.state = seed;
  }

  /** Uniform in [0, 1). */
  double uniform() {
    double value = Seeds.uniform(state);
    state += GAMMA;
    return value;
  }

  boolean chance(double probability) {
    return uniform() < probability;
  }

  /** Uniform in 0..bound-1. */
  int below(int bound) {
    return (int) (uniform() * bound);
  }

  /** Uniform in low..high, both included. */
  int between(int low, int high) {
    return low + below(high - low + 1);
  }

  <T> T choose(List<T> options) {
    return options.get(below(options.size()));
  }
}
