package malt.app.cli;

import java.nio.file.Path;
import malt.app.run.Reports;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The last stage alone. */
@Command(name = "report", description = "Prints a run's table and writes its report again.")
final class ReportCommand implements Runnable {
  @Parameters(paramLabel = "RUN", description = "directory of a run, such as runs/nano")
  private Path run = Path.of("");

  @Option(
      names = "--markdown",
      paramLabel = "DIR",
      description = "also write it as Markdown with its plots into this directory")
  private @Nullable Path markdown;

  @Override
  public void run() {
    show(run);
    if (markdown != null) {
      System.out.println("markdown: " + Reports.markdown(run, markdown));
    }
  }

  static void show(Path run) {
    Path report = Reports.html(run);
    System.out.println(Reports.table(run));
    System.out.println("report: " + report.toUri());
    System.out.println("numbers: " + run.resolve("evaluation.json"));
  }
}
