package malt.training;

import java.util.List;

/** The port to whatever trains adapters over the frozen base. */
@FunctionalInterface
public interface AdapterTrainer {
  /**
   * Runs the jobs to their end and writes their adapters; which run side by side is the trainer's
   * choice. The same job gives the same adapter, whatever runs beside it. Data is read from the
   * jobs' files: every row once before the first step of any job, and again when it is trained on.
   *
   * @throws malt.ConfigException if there is nothing to train on, or settings and base do not fit
   * @throws malt.MalformedDataException naming file and line of a row that cannot be trained on
   * @throws malt.TrainingDivergedException if a loss or gradient is not finite
   * @throws malt.MaltException if a file cannot be read or written, or the thread was interrupted;
   *     of several failures that of the first job. The other jobs are over by then: those that had
   *     not ended leave no adapter
   */
  void train(List<TrainingJob> jobs, TrainingListener listener);
}
