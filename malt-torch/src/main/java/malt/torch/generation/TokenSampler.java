package malt.torch.generation;

import malt.ModelException;
import malt.model.SamplingParams;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Draws one id per row by inverting the cumulative distribution. */
final class TokenSampler {
  private TokenSampler() {}

  /**
   * What was drawn, (B) each.
   *
   * @param logProbs of the ids at temperature 1 without truncation
   */
  record Drawn(int[] ids, float[] logProbs) {}

  /**
   * Draws where the logits lie.
   *
   * @param logits (B, V)
   * @param uniforms a number in [0, 1) per row, (B)
   */
  static Drawn draw(Tensor logits, SamplingParams params, double[] uniforms) {
    if (!logits.is_cpu()) {
      return DeviceSampler.draw(logits, params, uniforms);
    }
    Tensor exact = logits.to(ScalarType.Float).contiguous();
    int words = Math.toIntExact(exact.size(1));
    return new HostSampler(Tensors.memory(exact).asFloatBuffer(), words).draw(params, uniforms);
  }

  static ModelException notFinite() {
    return new ModelException("the model's logits are not finite: its weights are damaged", false);
  }
}
