package malt.torch.training;

import malt.ConfigException;
import malt.torch.tensor.ProcessGroup;

/**
 * What the training of one adapter may take; it decides speed, and results only by rounding.
 *
 * @param microBatchTokens most tokens whose activations are there together
 * @param recompute activations in the backward instead of keeping them: the memory of one layer,
 *     for a third more work
 * @param threads among which a batch is divided, or this process's part of it
 * @param group the processes that train it together, each on a part of every batch
 */
public record TrainingResources(
    int microBatchTokens, boolean recompute, int threads, ProcessGroup group) {
  public TrainingResources {
    if (microBatchTokens < 1) {
      throw new ConfigException(
          "micro-batches of %d tokens are too small: 1 or more".formatted(microBatchTokens));
    }
    if (threads < 1) {
      throw new ConfigException("%d threads are too few: 1 or more".formatted(threads));
    }
  }

  /** In this process alone. */
  public TrainingResources(int microBatchTokens, boolean recompute, int threads) {
    this(microBatchTokens, recompute, threads, ProcessGroup.ALONE);
  }

  /** On one thread. */
  public TrainingResources(int microBatchTokens, boolean recompute) {
    this(microBatchTokens, recompute, 1);
  }
}
