package malt.torch.generation;

import malt.ConfigException;

/**
 * How batches are formed and run. What is sampled depends on them by rounding only.
 *
 * @param threads batches decoded at the same time
 * @param batchRows most completions decoded together
 */
public record GenerationSettings(int threads, int batchRows) {
  /** Says which number is out of its bounds. */
  public GenerationSettings {
    if (threads < 1 || batchRows < 1) {
      throw new ConfigException(
          "generation wants threads >= 1 and batchRows >= 1, not %d, %d"
              .formatted(threads, batchRows));
    }
  }
}
