package malt.app.cli;

import java.nio.file.Path;
import malt.torch.weights.RandomCheckpoint;
import malt.torch.weights.StoredType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "random-model",
    description = {
      "Writes a model of random weights.",
      "In the shape of a config.json, for trying out what a size takes."
    })
final class RandomModelCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "a config.json of a supported architecture")
  private Path config = Path.of("");

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "a new directory")
  private Path out = Path.of("");

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "a model directory whose tokenizer is copied")
  private @Nullable Path tokenizer;

  @Option(
      names = "--dtype",
      description = "float32, float16 or bfloat16; default: ${DEFAULT-VALUE}")
  private StoredType type = StoredType.BFLOAT16;

  @Option(names = "--seed", description = "default: ${DEFAULT-VALUE}")
  private long seed = 0;

  @Override
  public void run() {
    RandomCheckpoint.write(config, tokenizer, out, type, seed, FileLines.on(System.err));
    spec.commandLine().getOut().println("model: " + out);
  }
}
