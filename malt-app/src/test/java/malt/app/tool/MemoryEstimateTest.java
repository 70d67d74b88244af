package malt.app.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Precision;
import malt.torch.weights.Variant;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {
  /** Llama 3.1 8B: 8,030,261,248 numbers. */
  private static final ModelConfig LLAMA_8B =
      new ModelConfig(
          List.of(ModelConfig.LLAMA),
          128_256,
          4096,
          14_336,
          32,
          32,
          8,
          128,
          1e-5,
          500_000,
          131_072,
          false,
          Variant.LLAMA);

  private static MemoryEstimate of(Precision precision, int rows, int tokens, boolean recompute) {
    return MemoryEstimate.of(
        LLAMA_8B,
        precision,
        2,
        new MemoryEstimate.Use(rows, tokens, tokens, 16, List.of("q_proj", "v_proj"), recompute));
  }

  @Test
  void weights_are_counted_in_the_type_they_are_held_in() {
    assertThat(of(Precision.FLOAT32, 1, 1, false).weights()).isEqualTo(8_030_261_248L * 4);
    assertThat(of(Precision.BFLOAT16, 1, 1, false).weights()).isEqualTo(8_030_261_248L * 2);
    assertThat(of(Precision.MIXED, 1, 1, false).weights()).isEqualTo(8_030_261_248L * 2);
  }

  @Test
  void the_cache_takes_128_kilobytes_a_token_in_16_bits() {
    long one = of(Precision.BFLOAT16, 1, 1024, false).sampling();
    long two = of(Precision.BFLOAT16, 1, 2048, false).sampling();
    long cache = 1024L * 2 * 32 * 8 * 128 * 2; // K and V, layers, heads, size, bytes
    assertThat(two - one).isBetween(cache, 3 * cache); // and the activations of a prefill
  }

  @Test
  void recomputed_activations_grow_with_one_layer_instead_of_all() {
    long kept = of(Precision.BFLOAT16, 1, 2048, false).step();
    long recomputed = of(Precision.BFLOAT16, 1, 2048, true).step();
    assertThat(recomputed).isLessThan(kept / 4);
    long widened =
        of(Precision.MIXED, 1, 16, true).step() - of(Precision.FLOAT32, 1, 16, true).step();
    assertThat(widened).isEqualTo(64L << 20); // a block of a matrix, 32 bits each
  }
}
