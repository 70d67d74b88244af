package malt.training;

import java.util.function.Consumer;
import malt.model.AdapterRef;

/** The port to whatever trains adapters over the frozen base. */
public interface AdapterTrainer {
  /**
   * Runs the job to its end and writes the adapter. The same job gives the same adapter.
   *
   * @param listener called after every optimiser step
   * @throws malt.TrainingDivergedException if a loss or gradient is not finite
   */
  AdapterRef train(TrainingJob job, Consumer<TrainingStep> listener);
}
