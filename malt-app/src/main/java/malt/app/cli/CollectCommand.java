package malt.app.cli;

import java.nio.file.Path;
import malt.app.run.Cluster;
import malt.app.run.Session;
import malt.experiment.ExperimentConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The first stage alone. */
@Command(
    name = "collect",
    header = "Samples trees and writes the training sets.",
    description =
        "The first stage of malt run. "
            + "Schedules with a second tree train what samples it on the way.")
final class CollectCommand implements Runnable {
  @Mixin private RunOptions options = new RunOptions();

  @Mixin private RetryOption retry = new RetryOption();

  @Mixin private ClusterOption spark = new ClusterOption();

  @Override
  public void run() {
    ExperimentConfig config = options.config();
    Path directory = options.directory(config);
    StageBars stages = new StageBars();
    try (Cluster cluster = spark.connect(stages);
        Session session = Session.open(directory, config, stages, retry.failed(), cluster)) {
      System.out.println(session.problems());
      session.experiment().collect();
    }
    System.out.println("training sets: " + directory);
  }
}
