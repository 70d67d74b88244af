package malt.torch.weights;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * In what a family departs from Llama 2.
 *
 * @param qkvBias queries, keys and values have a bias (Qwen2)
 * @param qkNorm queries and keys are normalised by head (Qwen3)
 * @param slidingWindow how many tokens a query sees, itself included (Mistral 7B v0.1; local layers
 *     of Gemma 3); 0 is all
 * @param rope scaled rotary frequencies (Llama 3.1); null is none
 * @param gemma what only Gemma 3 has; null for other families
 */
public record Variant(
    boolean qkvBias,
    boolean qkNorm,
    int slidingWindow,
    @Nullable RopeScaling rope,
    @Nullable Gemma gemma) {
  public static final Variant LLAMA = new Variant(false, false, 0, null, null);

  /**
   * Gemma 3 (Gemma Team 2025, section 2): what attention and the feed-forward give is normalised
   * before it is added, norms multiply by 1 + weight, the embedding is multiplied by sqrt(C), the
   * feed-forward is gated by GELU, and most layers see a window only.
   *
   * @param queryScalar scores are divided by its square root
   * @param localTheta base of the rotary frequencies of layers that see a window
   * @param global of each layer, whether it sees everything
   */
  public record Gemma(double queryScalar, double localTheta, List<Boolean> global) {
    public Gemma {
      global = List.copyOf(global);
    }
  }

  /** How rotary frequencies are scaled for longer contexts than those of pre-training. */
  public sealed interface RopeScaling permits Llama3Rope, LinearRope {
    /** A frequency as scaled, in radians per position. */
    double scaled(double frequency);
  }

  /** All frequencies are divided by the factor (Chen et al. 2023; global layers of Gemma 3). */
  public record LinearRope(double factor) implements RopeScaling {
    @Override
    public double scaled(double frequency) {
      return frequency / factor;
    }
  }

  /**
   * Llama 3.1's rope_scaling: low frequencies are divided by the factor, high ones kept, those
   * between interpolated.
   *
   * @param originalPositions of pre-training, in tokens
   */
  public record Llama3Rope(
      double factor, double lowFactor, double highFactor, int originalPositions)
      implements RopeScaling {

    @Override
    public double scaled(double frequency) {
      double wavelength = 2 * Math.PI / frequency;
      if (wavelength > originalPositions / lowFactor) {
        return frequency / factor;
      }
      if (wavelength < originalPositions / highFactor) {
        return frequency;
      }
      double smooth = (originalPositions / wavelength - lowFactor) / (highFactor - lowFactor);
      return (1 - smooth) * frequency / factor + smooth * frequency;
    }
  }

  /** What a fingerprint takes in: nothing for Llama 2's own shape. */
  String identity() {
    if (equals(LLAMA)) {
      return "";
    }
    Map<String, Object> fields = new TreeMap<>();
    fields.put("qkv_bias", qkvBias);
    fields.put("qk_norm", qkNorm);
    fields.put("sliding_window", slidingWindow);
    fields.put("rope", String.valueOf(rope));
    if (gemma != null) {
      fields.put("gemma", gemma);
    }
    return fields.toString();
  }
}
