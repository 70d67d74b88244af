package malt.training;

/**
 * Is told how far the jobs of one training are: one call at a time, whatever the thread. What it
 * throws fails the job that it was told of.
 */
@FunctionalInterface
public interface TrainingListener {
  /**
   * All data is there; called once, before the first step.
   *
   * @param steps of all jobs together
   */
  default void started(long steps) {}

  /** A job took a step; its steps come in their order. */
  void step(TrainingJob job, TrainingStep step);

  /** A job's adapter is there. */
  default void finished(TrainingJob job) {}
}
