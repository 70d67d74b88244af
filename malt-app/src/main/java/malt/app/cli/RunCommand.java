package malt.app.cli;

import java.nio.file.Path;
import malt.app.run.Session;
import malt.experiment.ExperimentConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Override
  public void run() {
    ExperimentConfig config = options.config();
    Path directory = options.directory(config);
    try (Session session = Session.open(directory, config, new StageBars(), retry.failed())) {
      System.out.println(session.problems());
      session.experiment().run();
    }
    ReportCommand.show(directory);
  }
}
