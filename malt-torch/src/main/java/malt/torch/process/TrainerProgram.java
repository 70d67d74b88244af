package malt.torch.process;

import java.nio.file.Path;
import java.util.List;
import malt.ConfigException;
import malt.model.Dtype;
import malt.torch.gguf.GgufModel;

/**
 * A program that trains adapters.
 *
 * @param launcher what starts it on this machine, such as python3; empty for nothing
 * @param command the program and its arguments; the path of a job's file is put behind them
 * @param base directory of the base model, with config.json and safetensors
 * @param dtype the type to compute in
 * @param batchTokens most tokens in one forward
 * @param recomputeActivations whether to save memory for a third more work
 */
public record TrainerProgram(
    List<String> launcher,
    List<String> command,
    Path base,
    Dtype dtype,
    int batchTokens,
    boolean recomputeActivations) {
  /**
   * @throws ConfigException if the base is a GGUF file
   */
  public TrainerProgram {
    launcher = List.copyOf(launcher);
    command = List.copyOf(command);
    GgufModel.find(base).ifPresent(TrainerProgram::refuse);
  }

  private static void refuse(GgufModel base) {
    throw new ConfigException(
        "%s is a GGUF file, and a trainer program is given a directory with config.json and safetensors; `malt merge --model %s --dtype float32 --out DIR` writes the same numbers as one: name that as the model"
            .formatted(base.path(), base.path()));
  }
}
