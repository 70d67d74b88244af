package malt.training;

import java.util.List;

/**
 * Shape of a LoRA adapter: W + (alpha / rank) B A.
 *
 * @param targets names of the linear maps adapted: q_proj, k_proj, v_proj, o_proj, gate_proj,
 *     up_proj, down_proj
 */
public record LoraSettings(int rank, double alpha, List<String> targets) {
  public LoraSettings {
    targets = List.copyOf(targets);
  }
}
