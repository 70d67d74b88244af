package malt.torch.generation;

import malt.ConfigException;

/**
 * How batches are formed and run. What is sampled depends on {@code batchRows} and {@code
 * compactBelow} by rounding only, and on {@code threads} not at all.
 *
 * @param threads batches decoded at the same time, each on one core
 * @param batchRows most completions decoded together
 * @param compactBelow share of unfinished rows under which finished ones leave the batch, in [0, 1]
 */
public record GenerationSettings(int threads, int batchRows, double compactBelow) {
  public GenerationSettings {
    if (threads < 1 || batchRows < 1 || !(compactBelow >= 0 && compactBelow <= 1)) {
      throw new ConfigException(
          "generation wants threads >= 1, batchRows >= 1, 0 <= compactBelow <= 1, not %d, %d, %s"
              .formatted(threads, batchRows, compactBelow));
    }
  }
}
