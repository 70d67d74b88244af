package malt.torch.training;

import malt.ConfigException;

/**
 * What memory training may take; it decides speed, and results only by rounding.
 *
 * @param microBatchTokens most tokens in one forward and backward
 * @param recompute activations in the backward instead of keeping them: the memory of one layer,
 *     for a third more work
 */
public record TrainingMemory(int microBatchTokens, boolean recompute) {
  public TrainingMemory {
    if (microBatchTokens < 1) {
      throw new ConfigException(
          "micro-batches of %d tokens are too small: 1 or more".formatted(microBatchTokens));
    }
  }
}
