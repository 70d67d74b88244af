package malt.app;

import java.nio.file.Path;
import java.time.Clock;
import malt.experiment.ExperimentConfig;
import malt.experiment.MaltExperiment;
import malt.experiment.RunDirectory;
import malt.experiment.Stages;
import malt.problem.Benchmark;

/** An experiment wired to its run directory and its models, for as long as it is open. */
public final class Session implements AutoCloseable {
  private final RunDirectory directory;
  private final Benchmark benchmark;
  private final Models models;
  private final MaltExperiment experiment;

  private Session(
      RunDirectory directory, Benchmark benchmark, Models models, MaltExperiment experiment) {
    this.directory = directory;
    this.benchmark = benchmark;
    this.models = models;
    this.experiment = experiment;
  }

  public static Session open(Path root, ExperimentConfig config, Stages stages) {
    RunDirectory directory = RunDirectory.open(root, config);
    try {
      Benchmark benchmark = Benchmarks.of(config, directory, stages);
      Models models = Models.open(config);
      directory.begin(models.manifest(config.name()));
      return new Session(
          directory,
          benchmark,
          models,
          new MaltExperiment(
              config,
              directory,
              benchmark,
              models.samplers(),
              models.trainer(),
              stages,
              Clock.systemUTC()));
    } catch (RuntimeException e) {
      directory.close();
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

  public MaltExperiment experiment() {
    return experiment;
  }

  @Override
  public void close() {
    try (directory) {
      models.close();
    }
  }
}
