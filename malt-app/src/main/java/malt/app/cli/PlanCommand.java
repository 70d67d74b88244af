package malt.app.cli;

import java.io.PrintWriter;
import malt.experiment.ExperimentConfig;
import malt.experiment.Plan;
import malt.experiment.Teams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What a run would do, and what it would take. */
@Command(
    name = "plan",
    header = "Says what a run would do, round by round, and does nothing.",
    description = {
      "Checks the settings, lists who samples which trees and which adapters are trained from them,"
          + " starting from which, and works out what each stage takes: calls of the model, sequences"
          + " sampled or trained on, tokens of them, tokens of prompts read, bytes of the journal, and"
          + " time where rates are given.",
      "At most: every completion as long as its limit, every training set as large as its caps."
          + " Expected: completions of --fill of their limits, and half of what could enter a set. A"
          + " token of a prompt is taken for four characters, and each prompt is read once."
    })
final class PlanCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RunOptions options = new RunOptions();

  @Mixin private CostOptions costs = new CostOptions();

  @Override
  public void run() {
    ExperimentConfig config = options.config();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("team: %s%n", String.join(", ", Teams.untrained(config).turnNames()));
    if (config.start() != null) {
      out.printf("start: %s%n", config.start().team());
    }
    int questions = config.problems().train();
    out.printf(
        "for each of the seeds %s, on %s training questions:%n",
        config.seeds(), questions == 0 ? "all" : "%,d".formatted(questions));
    Plan.of(config).lines().forEach(out::println);
    if (!config.trainerCommand().isEmpty()) {
      out.printf("adapters are trained by: %s%n", String.join(" ", config.trainerCommand()));
    }
    costs.print(config, out);
  }
}
