package malt.torch.training;

import malt.ConfigException;

/**
 * What the training of one adapter may take; it decides speed, and results only by rounding.
 *
 * @param microBatchTokens most tokens whose activations are there together
 * @param recompute activations in the backward instead of keeping them: the memory of one layer,
 *     for a third more work
 * @param threads among which a batch is divided
 */
public record TrainingResources(int microBatchTokens, boolean recompute, int threads) {
  public TrainingResources {
    if (microBatchTokens < 1) {
      throw new ConfigException(
          "micro-batches of %d tokens are too small: 1 or more".formatted(microBatchTokens));
    }
    if (threads < 1) {
      throw new ConfigException("%d threads are too few: 1 or more".formatted(threads));
    }
  }

  /** On one thread. */
  public TrainingResources(int microBatchTokens, boolean recompute) {
    this(microBatchTokens, recompute, 1);
  }
}
