package malt.app.cli;

import java.nio.file.Path;
import java.util.Locale;
import malt.app.run.Reports;
import malt.credit.Pooling;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.report.ChangesTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Other labels for the same trees. */
@Command(
    name = "relabel",
    header = "Labels a run's trees by another rule of credit.",
    description =
        "Starts a new run from the trees of another, with other labels and training sets, "
            + "without sampling, and says what changed. Go on with malt train, or with malt run and "
            + "the same settings.")
final class RelabelCommand implements Runnable {
  @Parameters(paramLabel = "RUN", description = "directory of a run, such as runs/nano")
  private Path run = Path.of("");

  @Option(names = "--threshold", description = "a node is correct iff its value is above this")
  private @Nullable Double threshold;

  @Option(names = "--pooling", description = "global or local")
  private @Nullable Pooling pooling;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "directory of the new run; default: beside RUN, named after the rule")
  private @Nullable Path out;

  @Override
  public void run() {
    ExperimentConfig old = RunDirectory.readConfig(run);
    double theta = threshold == null ? old.credit().threshold() : threshold;
    Pooling rule = pooling == null ? old.credit().pooling() : pooling;
    String pooled = rule.name().toLowerCase(Locale.ROOT);
    relabel(
        run, out, theta + "-" + pooled, "credit.threshold=" + theta, "credit.pooling=" + pooled);
  }

  /**
   * Starts a new run from the trees of another, and says what changed.
   *
   * @param out its directory; null for one beside the other run's, named after it and {@code what}
   */
  static void relabel(Path run, @Nullable Path out, String what, String... changes) {
    ExperimentConfig old = RunDirectory.readConfig(run);
    Path target = out == null ? run.toAbsolutePath().resolveSibling(old.name() + "-" + what) : out;
    String name = String.valueOf(target.toAbsolutePath().getFileName());
    ExperimentConfig config = old.with("name=" + PresetOptions.quoted(name)).with(changes);
    System.out.println(ChangesTable.of(Reports.relabel(run, target, config, new StageBars())));
    System.out.println("each change: " + new RunLayout(target).changes());
    System.out.println("training sets: " + target);
  }
}
