package malt.app.cli;

import malt.StrictYaml;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** All settings of a run. */
@Command(
    name = "config",
    header = "Prints all settings of a preset with what it takes from its bases.",
    description = "The settings as a run would keep them, checked, with every change of --set.")
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RunOptions options = new RunOptions();

  @Override
  public void run() {
    spec.commandLine().getOut().print(StrictYaml.write(options.config()));
    spec.commandLine().getOut().flush();
  }
}
