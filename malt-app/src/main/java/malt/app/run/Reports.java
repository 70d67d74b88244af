package malt.app.run;

import java.nio.file.Path;
import malt.experiment.ExperimentConfig;
import malt.experiment.Relabelling;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.Stages;
import malt.experiment.StoredTrees;
import malt.report.HtmlReport;
import malt.report.MarkdownReport;
import malt.report.ResultTable;
import malt.report.TreeSamples;

/** What can be made of a run without its model. */
public final class Reports {
  private Reports() {}

  /** Writes report/index.html. */
  public static Path html(Path root) {
    ExperimentConfig config = RunDirectory.readConfig(root);
    try (RunDirectory run = RunDirectory.view(root)) {
      return HtmlReport.write(root, TreeSamples.read(config, run, Benchmarks.kept(config, run)));
    }
  }

  /** Writes the report as Markdown with its plots, to be committed or published. */
  public static Path markdown(Path root, Path directory) {
    RunDirectory.readConfig(root);
    return MarkdownReport.write(root, directory);
  }

  /** The table of a run for a terminal. */
  public static String table(Path root) {
    return ResultTable.read(root);
  }

  /** The table of an evaluation that stands beside its run's. */
  public static String tableOf(Path directory) {
    return ResultTable.readEvaluation(new RunLayout(directory).evaluation());
  }

  /**
   * Starts run {@code to} with {@code config} from the trees of run {@code from}, and lists in its
   * changes.jsonl what that changes.
   */
  public static Relabelling relabel(Path from, Path to, ExperimentConfig config, Stages stages) {
    try (RunDirectory source = RunDirectory.open(from);
        RunDirectory target = RunDirectory.open(to, config)) {
      ExperimentConfig old = RunDirectory.readConfig(from);
      StoredTrees before = new StoredTrees(old, source, Benchmarks.kept(old, source));
      StoredTrees after =
          new StoredTrees(config, target, Benchmarks.copied(config, source, target));
      target.begin(source.manifest());
      source.manifest().requireSame(source.layout().manifest(), target.manifest());
      Relabelling changes = before.relabel(after, stages);
      changes.write(target.layout().changes());
      return changes;
    }
  }
}
