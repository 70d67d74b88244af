package malt.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import malt.AtomicFile;
import malt.training.TrainingJob;
import malt.training.TrainingListener;
import malt.training.TrainingStep;

/**
 * Shows a training as a stage, and writes each job's metrics as they come: beside their place, into
 * which they are moved once the adapter is there.
 */
public final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final Stages stages;
  private final Task task;
  private final Map<TrainingJob, Path> metrics;
  private final Map<TrainingJob, AtomicFile> files = new HashMap<>();
  private Stages.Stage stage =
      Stages.silent().start(Task.training(""), "steps", 0); // until all data is there

  /**
   * @param metrics where each job's are written, a line for each step
   */
  public TrainingProgress(Stages stages, Task task, Map<TrainingJob, Path> metrics) {
    this.stages = stages;
    this.task = task;
    this.metrics = metrics;
  }

  @Override
  public void started(long steps) {
    stage = stages.start(task, "steps", steps);
  }

  @Override
  public void step(TrainingJob job, TrainingStep step) {
    AtomicFile file =
        files.computeIfAbsent(
            job, first -> AtomicFile.begin(Objects.requireNonNull(metrics.get(job))));
    try {
      file.out().write(step.line() + "\n");
      file.out().flush();
    } catch (IOException e) {
      throw file.failed(e);
    }
    Double loss = step.metrics().get("loss");
    if (loss != null) {
      stage.note("%s loss %.3f".formatted(job.name(), loss));
    }
    stage.advance(1, step.tokens());
  }

  @Override
  public void finished(TrainingJob job) {
    try (AtomicFile file = Objects.requireNonNull(files.remove(job))) {
      file.complete();
    }
  }

  @Override
  public void close() {
    files.values().forEach(AtomicFile::close);
    stage.close();
  }
}
