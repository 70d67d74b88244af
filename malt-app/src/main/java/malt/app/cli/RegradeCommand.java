package malt.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Another grader for the same trees. */
@Command(
    name = "regrade",
    header = "Grades a run's trees by another grader.",
    description =
        "Starts a new run from the trees of another, graded by another grader, without "
            + "sampling, and says which labels, examples and pairs changed. Go on with malt train, "
            + "or with malt run and the same settings.")
final class RegradeCommand implements Runnable {
  @Parameters(paramLabel = "RUN", description = "directory of a run, such as runs/nano")
  private Path run = Path.of("");

  @Option(
      names = "--grader",
      required = true,
      completionCandidates = Choices.OfGraders.class,
      description = "one of ${COMPLETION-CANDIDATES}")
  private String grader = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "directory of the new run; default: beside RUN, named after the grader")
  private @Nullable Path out;

  @Override
  public void run() {
    RelabelCommand.relabel(run, out, grader, "problems.grader=" + PresetOptions.quoted(grader));
  }
}
