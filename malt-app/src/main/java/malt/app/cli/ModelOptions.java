package malt.app.cli;

import java.nio.file.Path;
import malt.app.Home;
import malt.app.tool.ToolModel;
import malt.model.Dtype;
import picocli.CommandLine.Option;

/** A model directory and how it is run. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "a model directory in Hugging Face's layout, such as models/nano")
  private Path directory = Path.of("");

  @Option(
      names = "--dtype",
      defaultValue = "auto",
      description = {
        "auto, float32, bfloat16, or mixed: 16-bit matrices stay in the file's memory and",
        "arithmetic is 32 bits; default: ${DEFAULT-VALUE}, bfloat16 for 16-bit weights where the",
        "processor has it and float32 otherwise"
      })
  private Dtype dtype = Dtype.AUTO;

  @Option(
      names = "--threads",
      description =
          "threads of an operation; 0, the default: 1 for small models, else all processors")
  private int threads = 0;

  Path directory() {
    return Home.resolve(directory);
  }

  ToolModel open() {
    return ToolModel.open(directory(), dtype, threads);
  }
}
