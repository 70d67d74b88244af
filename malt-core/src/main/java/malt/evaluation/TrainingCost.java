package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What it took to train a team in one seed, those who sampled for it included.
 *
 * @param rounds in which trees were sampled for it
 * @param nodes completions in these trees that it learned from
 * @param tokensSampled tokens of these completions
 * @param tokensTrained completion tokens trained on, in every epoch anew
 */
public record TrainingCost(
    long rounds,
    long nodes,
    @JsonProperty("tokens_sampled") long tokensSampled,
    @JsonProperty("tokens_trained") long tokensTrained) {
  /** Of what was not trained. */
  public static final TrainingCost NONE = new TrainingCost(0, 0, 0, 0);

  /** The mean over seeds, rounded. */
  static TrainingCost mean(List<TrainingCost> seeds) {
    return new TrainingCost(
        mean(seeds, TrainingCost::rounds),
        mean(seeds, TrainingCost::nodes),
        mean(seeds, TrainingCost::tokensSampled),
        mean(seeds, TrainingCost::tokensTrained));
  }

  private static long mean(List<TrainingCost> seeds, ToLongFunction<TrainingCost> what) {
    return Math.round(seeds.stream().mapToLong(what).average().orElse(0));
  }

  /** Whether as much was sampled for this as for the other, in as many rounds. */
  public boolean reaches(TrainingCost other) {
    return nodes >= other.nodes && rounds >= other.rounds;
  }
}
