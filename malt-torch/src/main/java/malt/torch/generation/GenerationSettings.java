package malt.torch.generation;

import malt.ConfigException;

/**
 * How batches are formed and run. What is sampled depends on them by rounding only.
 *
 * @param threads batches decoded at the same time
 * @param operationThreads threads within each operation of a batch
 * @param batchRows most completions decoded together
 */
public record GenerationSettings(int threads, int operationThreads, int batchRows) {
  /** Says which number is out of its bounds. */
  public GenerationSettings {
    if (threads < 1 || operationThreads < 1 || batchRows < 1) {
      throw new ConfigException(
          "generation wants threads >= 1 of both kinds and batchRows >= 1, not %d, %d, %d"
              .formatted(threads, operationThreads, batchRows));
    }
  }
}
