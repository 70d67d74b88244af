package malt.app.cli;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import malt.app.run.Home;
import malt.model.Dtype;
import malt.torch.adapter.LoraAdapter;
import malt.torch.local.LocalModel;
import malt.torch.nn.MergedCheckpoint;
import malt.torch.tensor.Device;
import malt.torch.weights.StoredType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "merge",
    description = {
      "Merges an adapter into its base.",
      "Writes a checkpoint, reads it back, and prints the largest logit difference that "
          + "rounding caused. Without an adapter it writes the base itself, such as a GGUF file "
          + "as a directory that other programs read."
    })
final class MergeCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--model", paramLabel = "DIR", required = true, description = "the base")
  private Path model = Path.of("");

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = "a LoRA adapter of that base, in PEFT's format; left out: none")
  private @Nullable Path adapter;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "a new directory")
  private Path out = Path.of("");

  @Option(
      names = "--dtype",
      description = "float32, float16 or bfloat16; default: ${DEFAULT-VALUE}")
  private StoredType type = StoredType.BFLOAT16;

  @Override
  public void run() {
    Path directory = Home.resolve(model);
    try (LocalModel base =
            LocalModel.open(
                directory,
                new LocalModel.Settings(
                    directory.toString(), Dtype.MIXED, Device.cpu(0), UnaryOperator.identity()));
        LoraAdapter lora = base.adapter(adapter)) {
      MergedCheckpoint.Result result =
          MergedCheckpoint.write(directory, base.base(), lora, out, type, FileLines.on(System.err));
      spec.commandLine()
          .getOut()
          .printf(
              "merged: %s%nlargest logit difference: %.3g, of logits up to %.3g%n",
              out, result.largestDifference(), result.largestLogit());
    }
  }
}
