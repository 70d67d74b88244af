package malt.app.cli;

import java.nio.file.Path;
import malt.app.Session;
import malt.experiment.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The second stage alone. */
@Command(name = "train", description = "Trains every role's adapters from the run's training sets.")
final class TrainCommand implements Runnable {
  @Parameters(paramLabel = "RUN", description = "directory of a run, such as runs/nano")
  private Path run = Path.of("");

  @Override
  public void run() {
    try (Session session = Session.open(run, RunDirectory.readConfig(run), new StageBars())) {
      session.experiment().train();
    }
    System.out.println("adapters: " + run);
  }
}
