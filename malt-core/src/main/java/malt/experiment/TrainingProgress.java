package malt.experiment;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import malt.AtomicFiles;
import malt.training.TrainingJob;
import malt.training.TrainingListener;
import malt.training.TrainingStep;

/** Shows a training as a stage, and writes a job's metrics once its adapter is there. */
public final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final Stages stages;
  private final String name;
  private final Map<TrainingJob, Path> metrics;
  private final Map<TrainingJob, StringBuilder> lines = new HashMap<>();
  private Stages.Stage stage = Stages.silent().start("", "steps", 0); // until all data is there

  /**
   * @param name of the stage
   * @param metrics where each job's are written, a line for each step
   */
  public TrainingProgress(Stages stages, String name, Map<TrainingJob, Path> metrics) {
    this.stages = stages;
    this.name = name;
    this.metrics = metrics;
  }

  @Override
  public void started(long steps) {
    stage = stages.start(name, "steps", steps);
  }

  @Override
  public void step(TrainingJob job, TrainingStep step) {
    lines.computeIfAbsent(job, first -> new StringBuilder()).append(step.line()).append('\n');
    stage.advance(1, step.tokens());
    Double loss = step.metrics().get("loss");
    if (loss != null) {
      stage.note("%s loss %.3f".formatted(job.name(), loss));
    }
  }

  @Override
  public void finished(TrainingJob job) {
    Path file = Objects.requireNonNull(metrics.get(job));
    AtomicFiles.write(file, Objects.requireNonNull(lines.remove(job)).toString());
  }

  @Override
  public void close() {
    stage.close();
  }
}
