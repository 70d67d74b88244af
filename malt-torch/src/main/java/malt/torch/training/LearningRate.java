package malt.torch.training;

import malt.training.OptimizerSettings;

/** Linear warm-up to the peak, then a cosine down to a share of it (Loshchilov and Hutter 2016). */
record LearningRate(OptimizerSettings settings, int steps) {
  /** The rate of optimiser step 1 .. steps. */
  double at(int step) {
    double warmupSteps = Math.max(1, settings.warmup() * steps);
    if (step <= warmupSteps) {
      return settings.learningRate() * step / warmupSteps;
    }
    double progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
    double floor = settings.finalLearningRate();
    double cosine = 0.5 * (1 + Math.cos(Math.PI * progress));
    return settings.learningRate() * (floor + (1 - floor) * cosine);
  }
}
