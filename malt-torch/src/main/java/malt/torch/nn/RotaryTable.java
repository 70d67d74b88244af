package malt.torch.nn;

import malt.torch.weights.ModelConfig;
import malt.torch.weights.Variant;

/**
 * Cosines and sines of the rotary position embedding (Su et al. 2021), (positions, D/2).
 *
 * @param positions from 0 on
 */
public record RotaryTable(float[] cos, float[] sin, int positions) {
  private static final int FIRST = 4096; // positions; a model may state 131,072 and see few

  /**
   * Angles as the reference computes them: frequencies and products in float32.
   *
   * @param half of a head
   */
  static RotaryTable of(ModelConfig.Sight sight, int half, int positions) {
    Variant.RopeScaling scaling = sight.scaling();
    float[] cos = new float[positions * half];
    float[] sin = new float[positions * half];
    for (int i = 0; i < half; i++) {
      float plain = (float) (1.0 / Math.pow(sight.theta(), 2.0 * i / (2 * half)));
      float frequency = scaling == null ? plain : (float) scaling.scaled(plain);
      for (int position = 0; position < positions; position++) {
        float angle = position * frequency;
        cos[position * half + i] = (float) Math.cos(angle);
        sin[position * half + i] = (float) Math.sin(angle);
      }
    }
    return new RotaryTable(cos, sin, positions);
  }

  /** A table that grows with the longest sequence seen. */
  public static final class Growing {
    private final ModelConfig config;
    private final ModelConfig.Sight sight;
    private volatile RotaryTable last;

    /** Begins with few positions, for layers of one sight. */
    public Growing(ModelConfig config, ModelConfig.Sight sight) {
      this.config = config;
      this.sight = sight;
      last = of(sight, config.headSize() / 2, Math.min(FIRST, config.maxPositions()));
    }

    /** A table with all positions below {@code end}. */
    public RotaryTable upTo(long end) {
      RotaryTable table = last;
      if (end > table.positions()) {
        long doubled = Math.max(end, 2L * table.positions());
        int positions = (int) Math.min(doubled, config.maxPositions());
        table = of(sight, config.headSize() / 2, positions);
        last = table;
      }
      return table;
    }
  }
}
