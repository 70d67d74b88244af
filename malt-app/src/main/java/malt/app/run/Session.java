package malt.app.run;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import malt.app.track.Tracking;
import malt.experiment.EvaluationTask;
import malt.experiment.ExperimentConfig;
import malt.experiment.MaltExperiment;
import malt.experiment.ProgressLog;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.Samplers;
import malt.experiment.Stages;
import malt.experiment.StartTeam;
import malt.problem.Benchmark;
import org.jspecify.annotations.Nullable;

/** An experiment wired to its run directory and its models, for as long as it is open. */
public final class Session implements AutoCloseable {
  private final ExperimentConfig config;
  private final RunDirectory run;
  private final ProgressLog progress;
  private final Benchmark benchmark;
  private final Models models;
  private final Optional<Tracking> tracking;
  private final MaltExperiment experiment;

  private Session(
      ExperimentConfig config,
      RunDirectory run,
      ProgressLog progress,
      Benchmark benchmark,
      Models models,
      @Nullable Cluster cluster,
      Samplers samplers) {
    this.config = config;
    this.run = run;
    this.progress = progress;
    this.benchmark = benchmark;
    this.models = models;
    this.tracking = Tracking.of(config, run.layout(), progress::warn);
    this.experiment =
        new MaltExperiment(
            config, run, benchmark, samplers, models.trainer(cluster), progress, Clock.systemUTC());
  }

  /**
   * A server that cannot be used is an error before a run begins; afterwards it need not be there
   * until something is sampled from it.
   *
   * @param retryFailed whether what failed earlier is asked for again
   * @param cluster the caller closes it after the session; null where this process does everything
   */
  public static Session open(
      Path root,
      ExperimentConfig config,
      Stages stages,
      boolean retryFailed,
      @Nullable Cluster cluster) {
    RunDirectory run = RunDirectory.open(root, config);
    ProgressLog progress = ProgressLog.telling(stages);
    try {
      Benchmark benchmark = Benchmarks.of(config, run, progress);
      Models models = Models.open(config);
      try {
        if (!run.begun()) {
          models.requireServer();
          models.requireLoadable(StartTeam.sources(config));
        }
        run.begin(models.manifest(config.name()));
        progress.into(run.layout().progress());
        Samplers samplers = models.samplers(cluster);
        return new Session(
            config,
            run,
            progress,
            benchmark,
            models,
            cluster,
            retryFailed ? samplers.retryingFailed() : samplers);
      } catch (RuntimeException e) {
        models.close();
        throw e;
      }
    } catch (RuntimeException e) {
      progress.close();
      run.close();
      throw e;
    }
  }

  /** How many problems there are and who grades them, in one line. */
  public String problems() {
    return "problems: %,d training%s, %,d dev, %,d test; the grader %s accepts every reference answer"
        .formatted(
            benchmark.train(config.seeds().get(0)).size(),
            config.problems().ownBySeed() ? " for each seed" : "",
            benchmark.dev().size(),
            benchmark.test().size(),
            benchmark.grader().name());
  }

  /**
   * Evaluates some rows, or on other questions, into a directory of their own.
   *
   * @param rows separated by commas; "" for all that the configuration asks for
   * @param directory null for one below the run
   * @return the directory
   */
  public Path evaluate(String rows, @Nullable OtherQuestions other, @Nullable Path directory) {
    EvaluationTask own = experiment.task();
    String name = other == null ? own.scope() : other.name();
    Path target = directory == null ? run.root().resolve("evaluations").resolve(name) : directory;
    experiment.evaluate(
        other == null
            ? own.withRows(rows, new RunLayout(target))
            : other.task(config, run, progress, rows, target));
    return target;
  }

  public MaltExperiment experiment() {
    return experiment;
  }

  @Override
  public void close() {
    try (run;
        progress) {
      models.close();
      tracking.ifPresent(Tracking::close);
    }
  }
}
