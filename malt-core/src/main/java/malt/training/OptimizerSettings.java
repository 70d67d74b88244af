package malt.training;

import java.io.Serializable;

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
    int epochs)
    implements Serializable {
  /** With what is usual for the rest, as {@code malt train} takes it too. */
  public static OptimizerSettings of(double learningRate, int batchSize, int epochs) {
    return new OptimizerSettings(learningRate, 0.9, 0.999, 0, 0.05, 0.1, 1, batchSize, epochs);
  }

  /** Optimiser steps over all epochs of {@code examples} examples. */
  public int steps(int examples) {
    return epochs * ((examples + batchSize - 1) / batchSize);
  }
}
