package malt.app.cli;

import java.nio.file.Path;
import malt.app.run.Cluster;
import malt.app.run.Session;
import malt.app.watch.WatchServer;
import malt.experiment.ExperimentConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job. */
@Command(
    name = "run",
    header = "Trains a team and shows whether it helped.",
    description =
        "Samples trees of the training questions, assigns credit, "
            + "trains generator, verifier and refiner, evaluates them against every "
            + "baseline, and writes a report. Called again, it continues where it was stopped.")
final class RunCommand implements Runnable {
  @Mixin private RunOptions options = new RunOptions();

  @Mixin private RetryOption retry = new RetryOption();

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "" + WatchServer.PORT,
      paramLabel = "PORT",
      description = "show the run on a page of this machine as it goes, as malt watch does")
  private @Nullable Integer watch;

  @Mixin private ClusterOption spark = new ClusterOption();

  @Override
  public void run() {
    ExperimentConfig config = options.config();
    Path directory = options.directory(config);
    StageBars stages = new StageBars();
    try (Cluster cluster = spark.connect(stages);
        Session session = Session.open(directory, config, stages, retry.failed(), cluster)) {
      System.out.println(session.problems());
      if (watch == null) {
        session.experiment().run();
      } else {
        watched(session, directory, watch);
      }
      ReportCommand.show(directory);
    }
  }

  private static void watched(Session session, Path directory, int port) {
    try (WatchServer server = WatchServer.start(directory, port)) {
      System.out.println("watch: " + server.url());
      session.experiment().run();
    }
  }
}
