package malt.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import malt.app.run.Home;
import malt.app.tool.Doctor;
import malt.app.tool.MemoryEstimate;
import malt.training.LoraSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A look before anything is loaded. */
@Command(
    name = "doctor",
    description = {
      "Says what a model directory needs and lacks.",
      "Whether it is supported, and what memory sampling and training will take, before "
          + "anything is loaded. The exit code is 1 if the model cannot be used."
    })
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "a model directory in Hugging Face's layout, such as models/nano")
  private Path model = Path.of("");

  @Option(names = "--rows", description = "completions together; default: ${DEFAULT-VALUE}")
  private int rows = 8;

  @Option(
      names = "--tokens",
      description = "of a completion with its prompt; default: ${DEFAULT-VALUE}")
  private int tokens = 1024;

  @Option(
      names = "--batch-tokens",
      description = "in one forward of training; default: ${DEFAULT-VALUE}")
  private int batchTokens = 1024;

  @Option(names = "--rank", description = "of the adapter; default: ${DEFAULT-VALUE}")
  private int rank = 16;

  @Option(
      names = "--targets",
      split = ",",
      paramLabel = "NAME",
      description = "linear maps adapted; default: ${DEFAULT-VALUE}")
  private List<String> targets = LoraSettings.TARGETS;

  @Override
  public Integer call() {
    Doctor.Finding finding =
        Doctor.examine(
            Home.resolve(model),
            new MemoryEstimate.Use(rows, tokens, batchTokens, rank, targets, false));
    spec.commandLine().getOut().println(finding.text());
    return finding.sound() ? 0 : 1;
  }
}
