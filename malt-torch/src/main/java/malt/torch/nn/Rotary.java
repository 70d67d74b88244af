package malt.torch.nn;

import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Variant;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Rotary position embedding (Su et al. 2021) in the half-split layout of Hugging Face's Llama: the
 * pair of dimension i is i + D/2.
 *
 * @param cos (positions, D)
 * @param sin (positions, D), its first half negated, so that rotation is x cos + swap(x) sin
 */
record Rotary(Tensor cos, Tensor sin) implements AutoCloseable {
  static Rotary of(ModelConfig config) {
    int half = config.headSize() / 2;
    int positions = config.maxPositions();
    Variant.Llama3Rope scaling = config.variant().rope();
    float[] cos = new float[positions * half * 2];
    float[] sin = new float[positions * half * 2];
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < half; i++) {
        // As the reference computes it: frequencies and angles in float32.
        float frequency = (float) (1.0 / Math.pow(config.ropeTheta(), 2.0 * i / (2 * half)));
        frequency = scaling == null ? frequency : (float) scaling.scaled(frequency);
        float angle = position * frequency;
        int at = position * half * 2 + i;
        cos[at] = cos[at + half] = (float) Math.cos(angle);
        sin[at + half] = (float) Math.sin(angle);
        sin[at] = -sin[at + half];
      }
    }
    return new Rotary(
        Tensors.kept(() -> Tensors.ofFloats(cos, positions, 2L * half)),
        Tensors.kept(() -> Tensors.ofFloats(sin, positions, 2L * half)));
  }

  /** The rows of both tables at positions (B, T) or (T), with a dimension for heads. */
  Angles at(Tensor positions) {
    return new Angles(
        torch.embedding(cos, positions).unsqueeze(-3),
        torch.embedding(sin, positions).unsqueeze(-3));
  }

  /** Tables gathered for one forward, (B, 1, T, D) or (1, T, D). */
  record Angles(Tensor cos, Tensor sin) {
    /** Rotates x (B, H, T, D). */
    Tensor rotate(Tensor x) {
      long half = x.size(3) / 2;
      Tensor swapped = torch.roll(x, new long[] {half}, -1);
      return torch.addcmul(x.mul(cos), swapped, sin);
    }
  }

  @Override
  public void close() {
    cos.close();
    sin.close();
  }
}
