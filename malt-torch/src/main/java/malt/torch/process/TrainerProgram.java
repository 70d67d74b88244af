package malt.torch.process;

import java.nio.file.Path;
import java.util.List;
import malt.model.Dtype;

/**
 * A program that trains adapters.
 *
 * @param launcher what starts it on this machine, such as python3; empty for nothing
 * @param command the program and its arguments; the path of a job's file is put behind them
 * @param base directory of the base model
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
  public TrainerProgram {
    launcher = List.copyOf(launcher);
    command = List.copyOf(command);
  }
}
