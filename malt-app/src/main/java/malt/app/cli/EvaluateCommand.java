package malt.app.cli;

import java.nio.file.Path;
import java.util.List;
import malt.ConfigException;
import malt.app.run.Cluster;
import malt.app.run.OtherQuestions;
import malt.app.run.Reports;
import malt.app.run.Session;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The third stage alone, in whole or in part. */
@Command(
    name = "evaluate",
    header = "Evaluates a run's teams and all baselines.",
    description =
        "Writes evaluation.json, and each question's answers to outcomes.jsonl. With --rows or"
            + " --test into a directory of its own. Without RUN it evaluates the untrained model of"
            + " a preset: --config FILE --rows SA,SA+MV,MA,MA+MV.")
final class EvaluateCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "directory of a run, such as runs/nano")
  private @Nullable Path run;

  @Mixin private PresetOptions preset = new PresetOptions();

  @Mixin private RetryOption retry = new RetryOption();

  @Mixin private ClusterOption spark = new ClusterOption();

  @Option(
      names = "--rows",
      paramLabel = "ROWS",
      description =
          "only these rows of the table, and no sampling beyond what they read: "
              + "SA,SA+MV,MALT+MV; ablations and the debate too, whatever the run's settings say: "
              + "\"MALT+MV, G+R\"")
  private String rows = "";

  @Option(names = "--test", paramLabel = "FILE", description = "other questions than the run's own")
  private @Nullable Path test;

  @Option(
      names = "--benchmark",
      paramLabel = "NAME",
      completionCandidates = Choices.OfLayouts.class,
      description = "their layout, one of ${COMPLETION-CANDIDATES}; default: the run's")
  private @Nullable String benchmark;

  @Option(
      names = "--grader",
      paramLabel = "NAME",
      completionCandidates = Choices.OfGraders.class,
      description = "theirs, one of ${COMPLETION-CANDIDATES}; default: the layout's")
  private @Nullable String grader;

  @Option(
      names = "--paper",
      paramLabel = "TITLE",
      description =
          "the paper's numbers to show beside theirs, such as"
              + " gsm-symbolic-p1-llama-3.1-8b-instruct")
  private String paper = "";

  @Option(
      names = "--questions",
      paramLabel = "N",
      description = "only N of them, taken as the run takes its own (problems.take); default: all")
  private int questions;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where --rows or --test write; default: RUN/evaluations/NAME")
  private @Nullable Path out;

  @Override
  public void run() {
    requireOneOrigin();
    boolean described = benchmark != null || grader != null || !paper.isEmpty() || questions != 0;
    if (test == null && described) {
      throw new ConfigException(
          "--benchmark, --grader, --paper and --questions are of the file of --test");
    }
    if (test == null && rows.isEmpty() && out != null) {
      throw new ConfigException(
          "--out goes with --rows or --test; the whole table stays in the run");
    }
    ExperimentConfig config = run == null ? preset.config(List.of()) : RunDirectory.readConfig(run);
    Path root = run == null ? preset.directory(config) : run;
    StageBars stages = new StageBars();
    if (test == null && rows.isEmpty()) {
      try (Cluster cluster = spark.connect(stages);
          Session session = Session.open(root, config, stages, retry.failed(), cluster)) {
        session.experiment().evaluate();
      }
      ReportCommand.show(root);
    } else {
      OtherQuestions other =
          test == null ? null : new OtherQuestions(test, benchmark, grader, paper, questions);
      Path directory;
      try (Cluster cluster = spark.connect(stages);
          Session session = Session.open(root, config, stages, retry.failed(), cluster)) {
        directory = session.evaluate(rows, other, out);
      }
      System.out.println(Reports.tableOf(directory));
      System.out.println("numbers: " + directory);
    }
  }

  /** A run has its configuration; only without one is a preset asked for. */
  private void requireOneOrigin() {
    if (run == null && test == null && rows.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "RUN is missing; only with --rows or --test a preset will do");
    }
    for (String option : List.of("--config", "--name", "--set", "--runs")) {
      if (run != null && spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ParameterException(
            spec.commandLine(), option + " is of a preset, and RUN has its own configuration");
      }
    }
  }
}
