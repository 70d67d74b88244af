package malt.torch.training;

import java.util.ArrayList;
import java.util.List;
import malt.training.OptimizerSettings;

/**
 * What an optimiser step does, known before training begins.
 *
 * @param rows of the data that it trains on, from 0
 */
@SuppressWarnings("ArrayRecordComponent") // read where it is made
public record PlannedStep(int[] rows, double learningRate) {
  /** The steps of all epochs, in order; the seed decides which rows come when. */
  public static List<PlannedStep> of(int examples, OptimizerSettings settings, long seed) {
    LearningRate rate = new LearningRate(settings, settings.steps(examples));
    List<PlannedStep> steps = new ArrayList<>();
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      int[] order = Batches.shuffled(examples, seed, epoch);
      for (int[] rows : Batches.of(order, settings.batchSize())) {
        steps.add(new PlannedStep(rows, rate.at(steps.size() + 1)));
      }
    }
    return steps;
  }
}
