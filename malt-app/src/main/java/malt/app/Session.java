package malt.app;

import java.nio.file.Path;
import java.time.Clock;
import malt.experiment.ExperimentConfig;
import malt.experiment.MaltExperiment;
import malt.experiment.RunDirectory;
import malt.experiment.Stages;
import malt.problem.Benchmark;

/** An experiment wired to its run directory and a local model, for as long as it is open. */
public final class Session implements AutoCloseable {
  private final RunDirectory directory;
  private final Benchmark benchmark;
  private final LocalModel model;
  private final MaltExperiment experiment;

  private Session(
      RunDirectory directory, Benchmark benchmark, LocalModel model, MaltExperiment experiment) {
    this.directory = directory;
    this.benchmark = benchmark;
    this.model = model;
    this.experiment = experiment;
  }

  public static Session open(Path root, ExperimentConfig config, Stages stages) {
    RunDirectory directory = RunDirectory.open(root, config);
    try {
      Benchmark benchmark = Benchmarks.of(config, directory, stages);
      LocalModel model = LocalModel.open(config.model());
      directory.begin(model.manifest(config.name()));
      return new Session(
          directory,
          benchmark,
          model,
          new MaltExperiment(
              config,
              directory,
              benchmark,
              model.sampler(),
              model.trainer(),
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
      model.close();
    }
  }
}
