package malt.torch.nn;

import java.util.ArrayList;
import java.util.List;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Variant;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rotary position embedding (Su et al. 2021) in the half-split layout of Hugging Face's Llama: the
 * pair of dimension i is i + D/2. Tables grow with the longest sequence seen.
 */
final class Rotary implements AutoCloseable {
  private static final int FIRST = 4096; // positions; a model may state 131,072 and see few

  private final ModelConfig config;
  private final List<Tables> tables = new ArrayList<>(); // old ones may be in use on other threads

  Rotary(ModelConfig config) {
    this.config = config;
    tables.add(Tables.of(config, Math.min(FIRST, config.maxPositions())));
  }

  /**
   * @param cos (positions, D)
   * @param sin (positions, D), its first half negated, so that rotation is x cos + swap(x) sin
   */
  private record Tables(Tensor cos, Tensor sin, int positions) {
    static Tables of(ModelConfig config, int positions) {
      int half = config.headSize() / 2;
      Variant.Llama3Rope scaling = config.variant().rope();
      float[] cos = new float[positions * half * 2];
      float[] sin = new float[positions * half * 2];
      for (int i = 0; i < half; i++) {
        // As the reference computes it: frequencies and angles in float32.
        float plain = (float) (1.0 / Math.pow(config.ropeTheta(), 2.0 * i / (2 * half)));
        float frequency = scaling == null ? plain : (float) scaling.scaled(plain);
        for (int position = 0; position < positions; position++) {
          float angle = position * frequency;
          int at = position * half * 2 + i;
          cos[at] = cos[at + half] = (float) Math.cos(angle);
          sin[at + half] = (float) Math.sin(angle);
          sin[at] = -sin[at + half];
        }
      }
      return new Tables(
          Tensors.kept(() -> Tensors.ofFloats(cos, positions, 2L * half)),
          Tensors.kept(() -> Tensors.ofFloats(sin, positions, 2L * half)),
          positions);
    }
  }

  private synchronized Tables tables(long positions) {
    Tables last = tables.get(tables.size() - 1);
    if (positions > last.positions()) {
      long doubled = Math.max(positions, 2L * last.positions());
      last = Tables.of(config, (int) Math.min(doubled, config.maxPositions()));
      tables.add(last);
    }
    return last;
  }

  /**
   * The angles at positions (B, T) or (T), with a dimension for heads.
   *
   * @param end all positions are below it
   * @param type of what is rotated
   */
  Angles at(Tensor positions, long end, ScalarType type) {
    Tables all = tables(end);
    return new Angles(
        torch.embedding(all.cos(), positions).unsqueeze(-3).to(type),
        torch.embedding(all.sin(), positions).unsqueeze(-3).to(type));
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
    for (Tables each : tables) {
      each.cos().close();
      each.sin().close();
    }
  }
}
