package malt.spark;

import malt.experiment.Stages;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerSpeculativeTaskSubmitted;

/** Tells the user of executors that were lost, and of tasks that lag behind the others. */
final class Attention extends SparkListener {
  private final Stages stages;
  private volatile boolean ended;

  Attention(Stages stages) {
    this.stages = stages;
  }

  /** From here on executors are let go. */
  void end() {
    ended = true;
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    if (!ended) {
      stages.warn(
          "executor %s was lost (%s); what it was at goes to others"
              .formatted(removed.executorId(), removed.reason().lines().findFirst().orElse("")));
    }
  }

  @Override
  public void onSpeculativeTaskSubmitted(SparkListenerSpeculativeTaskSubmitted late) {
    stages.warn(
        "task %d takes far longer than the others; where another machine has an executor free, it works on it too, and the first to end counts"
            .formatted(late.taskIndex()));
  }
}
