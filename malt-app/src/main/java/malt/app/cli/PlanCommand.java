package malt.app.cli;

import java.io.PrintWriter;
import malt.experiment.ExperimentConfig;
import malt.experiment.Plan;
import malt.experiment.Teams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What a run would do. */
@Command(
    name = "plan",
    header = "Says what a run would do, round by round, and does nothing.",
    description =
        "Checks the settings, and lists who samples which trees and which adapters are trained from"
            + " them, starting from which.")
final class PlanCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public void run() {
    ExperimentConfig config = options.config();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("team: %s%n", String.join(", ", Teams.untrained(config).turnNames()));
    int questions = config.problems().train();
    out.printf(
        "for each of the seeds %s, on %s training questions:%n",
        config.seeds(), questions == 0 ? "all" : "%,d".formatted(questions));
    Plan.of(config).lines().forEach(out::println);
  }
}
