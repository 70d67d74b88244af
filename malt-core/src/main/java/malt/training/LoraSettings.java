package malt.training;

import java.io.Serializable;
import java.util.List;

/**
 * Shape of a LoRA adapter: W + scale B A.
 *
 * @param rslora whether the scale is alpha / sqrt(rank) (Kalajdzievski 2023), not alpha / rank
 * @param targets names of the linear maps adapted, some of {@link #TARGETS}
 */
public record LoraSettings(int rank, double alpha, boolean rslora, List<String> targets)
    implements Serializable {
  /** Names of all linear maps that can be adapted. */
  public static final List<String> TARGETS =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  public LoraSettings {
    targets = List.copyOf(targets);
  }

  /** By what B A x is multiplied. */
  public double scale() {
    return scale(rank, alpha, rslora);
  }

  /** By what B A x is multiplied. */
  public static double scale(int rank, double alpha, boolean rslora) {
    return alpha / (rslora ? Math.sqrt(rank) : rank);
  }
}
