package malt.app.cli;

import java.nio.file.Path;
import malt.app.Session;
import malt.experiment.ExperimentConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The first stage alone. */
@Command(
    name = "collect",
    description = {
      "Samples and values the trees and writes the training sets, as run does first.",
      "Schedules with a second tree train what samples it on the way."
    })
final class CollectCommand implements Runnable {
  @Mixin private RunOptions options = new RunOptions();

  @Override
  public void run() {
    ExperimentConfig config = options.config();
    Path directory = options.directory(config);
    try (Session session = Session.open(directory, config, new StageBars())) {
      System.out.println(session.problems());
      session.experiment().collect();
    }
    System.out.println("training sets: " + directory);
  }
}
