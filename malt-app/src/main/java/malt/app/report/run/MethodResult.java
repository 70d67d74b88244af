package malt.app.report.run;

import java.util.List;

/**
 * How often one method answered right.
 *
 * @param name "SA+MV", "MALT GF", ...
 * @param n answers graded, over all seeds
 * @param ungradable of n, counted as not right
 * @param calls of a language model for one answer
 * @param seeds the same by seed; may be empty
 */
public record MethodResult(
    String name,
    long n,
    long correct,
    long ungradable,
    double accuracy,
    Interval interval,
    double calls,
    List<SeedResult> seeds) {
  /** The result of one training seed. */
  public record SeedResult(long seed, long n, double accuracy) {}

  public MethodResult {
    seeds = List.copyOf(seeds);
  }
}
