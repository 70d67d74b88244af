package malt.app.cli;

import java.nio.file.Path;
import java.util.List;
import malt.app.run.Home;
import malt.model.Dtype;
import malt.torch.local.LocalModel;
import malt.torch.tensor.Device;
import picocli.CommandLine.Mixin;
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
      description = {
        "auto, float32, bfloat16, or mixed: 16-bit matrices stay in the file's memory and",
        "arithmetic is 32 bits; default: ${DEFAULT-VALUE}, bfloat16 for 16-bit weights where the",
        "processor has it and float32 otherwise"
      })
  private Dtype dtype = Dtype.AUTO;

  @Option(
      names = "--device",
      description = {
        "cpu, cuda:0 (the number of the card) or mps, where the model computes; default:",
        "${DEFAULT-VALUE}; malt doctor says which are there"
      })
  private String device = "cpu";

  @Option(
      names = "--threads",
      description =
          "of the processor that share a forward or a batch; 0, the default: 1 for small models,"
              + " else all")
  private int threads = 0;

  @Mixin private TemplateOptions template = new TemplateOptions();

  Path directory() {
    return Home.resolve(directory);
  }

  Dtype dtype() {
    return dtype;
  }

  /** What is wrong with the options, a line each. */
  List<String> violations() {
    return OptionRules.atLeast("--threads", 0, threads);
  }

  LocalModel open() {
    OptionRules.require(violations());
    return LocalModel.open(
        directory(),
        new LocalModel.Settings(
            directory().toString(), dtype, Device.named(device, threads), template.told()));
  }
}
