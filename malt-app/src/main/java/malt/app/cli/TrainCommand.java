package malt.app.cli;

import java.nio.file.Path;
import malt.app.run.Cluster;
import malt.app.run.Session;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The second stage alone; its subcommands train on a file. */
@Command(
    name = "train",
    description = {
      "Trains every role's adapters of a run.",
      "From the run's training sets; with sft, dpo or ppo, one adapter on a file of your " + "own."
    },
    subcommands = {TrainSftCommand.class, TrainDpoCommand.class, TrainPpoCommand.class})
final class TrainCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "directory of a run, such as runs/nano")
  private @Nullable Path run;

  @Mixin private RetryOption retry = new RetryOption();

  @Mixin private ClusterOption spark = new ClusterOption();

  @Override
  public void run() {
    if (run == null) {
      throw new ParameterException(spec.commandLine(), "Missing: RUN, or sft, dpo or ppo");
    }
    ExperimentConfig config = RunDirectory.readConfig(run);
    StageBars stages = new StageBars();
    try (Cluster cluster = spark.connect(stages);
        Session session = Session.open(run, config, stages, retry.failed(), cluster)) {
      session.experiment().train();
    }
    System.out.println("adapters: " + run);
  }
}
