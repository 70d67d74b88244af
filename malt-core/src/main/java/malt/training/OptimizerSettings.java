package malt.training;

/**
 * AdamW with warm-up, cosine decay and gradient clipping.
 *
 * @param warmup share of all steps with a rising learning rate
 * @param finalLearningRate floor of the cosine as a share of the peak
 * @param maxGradientNorm global norm to which gradients are clipped
 */
public record OptimizerSettings(
    double learningRate,
    double beta1,
    double beta2,
    double weightDecay,
    double warmup,
    double finalLearningRate,
    double maxGradientNorm,
    int batchSize,
    int epochs) {
  /** Optimiser steps over all epochs of {@code examples} examples. */
  public int steps(int examples) {
    return epochs * ((examples + batchSize - 1) / batchSize);
  }
}
