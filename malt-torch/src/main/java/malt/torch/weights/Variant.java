package malt.torch.weights;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * In what a family departs from Llama 2.
 *
 * @param qkvBias queries, keys and values have a bias (Qwen2)
 * @param qkNorm queries and keys are normalised by head (Qwen3)
 * @param slidingWindow how many tokens a query sees, itself included (Mistral 7B v0.1); 0 is all
 * @param rope scaled rotary frequencies (Llama 3.1); null is none
 */
public record Variant(
    boolean qkvBias, boolean qkNorm, int slidingWindow, @Nullable Llama3Rope rope) {
  public static final Variant LLAMA = new Variant(false, false, 0, null);

  /**
   * Llama 3.1's rope_scaling: low frequencies are divided by the factor, high ones kept, those
   * between interpolated.
   *
   * @param originalPositions of pre-training, in tokens
   */
  public record Llama3Rope(
      double factor, double lowFactor, double highFactor, int originalPositions) {

    /** A frequency as scaled, in radians per position. */
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
    return fields.toString();
  }
}
