package malt.torch.generation;

import malt.ConfigException;

/**
 * How batches are formed and run. What is sampled depends on {@code batchRows}, {@code
 * compactBelow} and {@code operationThreads} by rounding only, and on {@code threads} not at all.
 *
 * @param threads batches decoded at the same time
 * @param operationThreads threads within each operation of a batch
 * @param batchRows most completions decoded together
 * @param compactBelow share of unfinished rows under which finished ones leave the batch, in [0, 1]
 */
public record GenerationSettings(
    int threads, int operationThreads, int batchRows, double compactBelow) {
  public GenerationSettings {
    if (threads < 1
        || operationThreads < 1
        || batchRows < 1
        || !(compactBelow >= 0 && compactBelow <= 1)) {
      throw new ConfigException(
          "generation wants threads >= 1 of both kinds, batchRows >= 1, 0 <= compactBelow <= 1, not %d, %d, %d, %s"
              .formatted(threads, operationThreads, batchRows, compactBelow));
    }
  }
}
