package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A row of the report.
 *
 * @param team whose passes are read
 * @param meaning what the row is
 * @param n questions times seeds
 * @param ungradable of n: every ballot failed, or the reference is broken; not counted as correct
 * @param intervalKind how the interval was made
 * @param calls model calls per question
 * @param tokens sampled per question in these calls, on average
 * @param training what it took to train who answers, on average over seeds
 */
public record MethodResult(
    String team,
    Meaning meaning,
    long n,
    long correct,
    long ungradable,
    double accuracy,
    Interval interval,
    @JsonProperty("interval_kind") String intervalKind,
    int calls,
    double tokens,
    TrainingCost training,
    List<SeedResult> seeds) {
  public MethodResult {
    seeds = List.copyOf(seeds);
  }

  /** The same for one seed. */
  public record SeedResult(long seed, long n, long correct, double accuracy) {}
}
