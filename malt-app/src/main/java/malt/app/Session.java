package malt.app;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import malt.experiment.EvaluationTask;
import malt.experiment.ExperimentConfig;
import malt.experiment.MaltExperiment;
import malt.experiment.RunDirectory;
import malt.experiment.Stages;
import malt.problem.Benchmark;
import org.jspecify.annotations.Nullable;

/** An experiment wired to its run directory and its models, for as long as it is open. */
public final class Session implements AutoCloseable {
  private final ExperimentConfig config;
  private final RunDirectory run;
  private final Stages stages;
  private final Benchmark benchmark;
  private final Models models;
  private final MaltExperiment experiment;

  private Session(
      ExperimentConfig config,
      RunDirectory run,
      Stages stages,
      Benchmark benchmark,
      Models models) {
    this.config = config;
    this.run = run;
    this.stages = stages;
    this.benchmark = benchmark;
    this.models = models;
    this.experiment =
        new MaltExperiment(
            config, run, benchmark, models.samplers(), models.trainer(), stages, Clock.systemUTC());
  }

  /** For work that samples: a server that cannot be used is an error before the run begins. */
  public static Session open(Path root, ExperimentConfig config, Stages stages) {
    return open(root, config, stages, Models::requireServer);
  }

  /** For work on what was sampled before: a server need not be there. */
  public static Session forTraining(Path root, ExperimentConfig config, Stages stages) {
    return open(root, config, stages, models -> {});
  }

  private static Session open(
      Path root, ExperimentConfig config, Stages stages, Consumer<Models> check) {
    RunDirectory run = RunDirectory.open(root, config);
    try {
      Benchmark benchmark = Benchmarks.of(config, run, stages);
      Models models = Models.open(config);
      try {
        check.accept(models);
        run.begin(models.manifest(config.name()));
        return new Session(config, run, stages, benchmark, models);
      } catch (RuntimeException e) {
        models.close();
        throw e;
      }
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
  }

  /** How many problems there are and who grades them, in one line. */
  public String problems() {
    return "problems: %,d training, %,d dev, %,d test; the grader %s accepts every reference answer"
        .formatted(
            benchmark.train().size(),
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
        other == null ? own.withRows(rows, target) : other.task(config, run, stages, rows, target));
    return target;
  }

  public MaltExperiment experiment() {
    return experiment;
  }

  @Override
  public void close() {
    try (run) {
      models.close();
    }
  }
}
