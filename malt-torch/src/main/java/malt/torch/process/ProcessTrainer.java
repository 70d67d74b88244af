package malt.torch.process;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.Interruption;
import malt.TrainingDivergedException;
import malt.WeightsException;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.training.PlannedStep;
import malt.torch.training.TokenSequence;
import malt.torch.training.TrainingData;
import malt.training.AdapterTrainer;
import malt.training.SideBySide;
import malt.training.TrainingJob;
import malt.training.TrainingListener;
import malt.training.TrainingStep;

/**
 * Has another program train: a process for each job, which is given the job as a file and leaves an
 * adapter in PEFT's format. That is held to the base and to the shape asked for before it counts.
 */
public final class ProcessTrainer implements AdapterTrainer {
  private final LoraBase base;
  private final TrainingData data;
  private final TrainerProgram program;
  private final int jobsAtOnce;

  /**
   * @param base what adapters are trained on
   * @param jobsAtOnce processes that run side by side
   */
  public ProcessTrainer(LoraBase base, TrainingData data, TrainerProgram program, int jobsAtOnce) {
    this.base = base;
    this.data = data;
    this.program = program;
    this.jobsAtOnce = jobsAtOnce;
  }

  /** A job, its data and what its steps do. */
  private record Planned(
      TrainingJob job, List<List<TokenSequence>> rows, List<PlannedStep> steps) {}

  @Override
  public void train(List<TrainingJob> jobs, TrainingListener listener) {
    List<Planned> all = jobs.stream().map(this::plan).toList();
    listener.started(all.stream().mapToLong(each -> each.steps().size()).sum());
    SideBySide.run(jobsAtOnce, all, listener, this::train);
  }

  private Planned plan(TrainingJob job) {
    List<List<TokenSequence>> rows = data.read(job.data(), job.method());
    if (rows.isEmpty()) {
      throw new ConfigException(
          "%s: %s holds no row; an adapter is trained on one or more"
              .formatted(job.name(), job.data()));
    }
    return new Planned(
        job, rows, PlannedStep.of(rows.size(), job.method().optimizer(), job.seed()));
  }

  private void train(Planned planned, TrainingListener told) {
    TrainingJob job = planned.job();
    Interruption.check("training");
    JobDirectory work = JobDirectory.prepare(job, planned.rows(), planned.steps(), program, base);
    MetricsFile metrics =
        new MetricsFile(
            work.metrics(), planned.steps().size(), step -> told.step(job, finite(job, step)));
    if (!Files.isDirectory(work.adapter())) {
      List<String> command =
          Stream.of(program.launcher(), program.command(), List.of(work.job().toString()))
              .flatMap(List::stream)
              .toList();
      TrainerProcess.run(job.name(), command, work.log(), metrics::read);
    }
    metrics.end();
    Interruption.check("training");
    accept(job, work);
    told.finished(job);
    work.remove();
  }

  private static TrainingStep finite(TrainingJob job, TrainingStep step) {
    step.metrics()
        .forEach(
            (name, value) -> {
              if (!Double.isFinite(value)) {
                throw new TrainingDivergedException(
                    "%s, step %d of %d: %s is %s; try a lower learning rate"
                        .formatted(job.name(), step.step(), step.steps(), name, value));
              }
            });
    return step;
  }

  /**
   * Takes the adapter over as one of this base.
   *
   * @throws WeightsException if it is missing, damaged, not finite, or of another shape than its
   *     start
   */
  private void accept(TrainingJob job, JobDirectory work) {
    try (LoraAdapter start = PeftAdapter.read(work.start(), base);
        LoraAdapter trained = PeftAdapter.read(work.adapter(), base)) {
      Optional<String> difference = PeftAdapter.difference(trained, start);
      if (difference.isPresent()) {
        throw new WeightsException("%s: %s".formatted(work.adapter(), difference.get()));
      }
      PeftAdapter.write(job.output(), trained, base);
    } catch (WeightsException e) {
      throw new WeightsException(
          "%s: what the trainer left is not the adapter asked for: %s. Remove %s to have it trained again"
              .formatted(job.name(), e.getMessage(), work.root()),
          e);
    }
  }
}
