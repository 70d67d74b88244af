package malt.app.cli;

import java.nio.file.Path;
import malt.app.Session;
import malt.experiment.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The third stage alone. */
@Command(
    name = "evaluate",
    description = "Evaluates the run's teams and all baselines; writes evaluation.json.")
final class EvaluateCommand implements Runnable {
  @Parameters(paramLabel = "RUN", description = "directory of a run, such as runs/nano")
  private Path run = Path.of("");

  @Override
  public void run() {
    try (Session session = Session.open(run, RunDirectory.readConfig(run), new StageBars())) {
      session.experiment().evaluate();
    }
    ReportCommand.show(run);
  }
}
