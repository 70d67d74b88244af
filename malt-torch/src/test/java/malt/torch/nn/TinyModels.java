package malt.torch.nn;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Variant;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/** Models of random weights, small enough for tests. */
public final class TinyModels {
  public static final ModelConfig CONFIG = of(128, Variant.LLAMA);

  /** Gemma 3's: the first layer sees four tokens, the second all. */
  public static final Variant GEMMA =
      new Variant(false, true, 4, null, new Variant.Gemma(6, 100, List.of(false, true)));

  private TinyModels() {}

  /** {@link #CONFIG} with another number of positions. */
  public static ModelConfig positions(int positions) {
    return of(positions, Variant.LLAMA);
  }

  /** {@link #CONFIG} in another family's variant. */
  public static ModelConfig of(Variant variant) {
    return of(CONFIG.maxPositions(), variant);
  }

  /** {@link #CONFIG} with other positions and another variant. */
  public static ModelConfig of(int positions, Variant variant) {
    return new ModelConfig(
        List.of(ModelConfig.LLAMA),
        50,
        16,
        40,
        2,
        4,
        2,
        4,
        1e-5,
        10000.0,
        positions,
        false,
        variant);
  }

  /** A model of {@link #CONFIG} whose weights are drawn from a normal distribution. */
  public static CausalLm random(long seed) {
    return random(CONFIG, seed);
  }

  /** A model of CONFIG's widths, with the positions and the variant that {@code config} gives. */
  public static CausalLm random(ModelConfig config, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    put(tensors, random, "model.embed_tokens.weight", 50, 16);
    for (int layer = 0; layer < CONFIG.layers(); layer++) {
      String path = "model.layers." + layer + ".";
      ones(tensors, path + "input_layernorm.weight", 16);
      ones(tensors, path + "post_attention_layernorm.weight", 16);
      put(tensors, random, path + "self_attn.q_proj.weight", 16, 16);
      put(tensors, random, path + "self_attn.k_proj.weight", 8, 16);
      put(tensors, random, path + "self_attn.v_proj.weight", 8, 16);
      put(tensors, random, path + "self_attn.o_proj.weight", 16, 16);
      if (config.variant().qkvBias()) {
        put(tensors, random, path + "self_attn.q_proj.bias", 16);
        put(tensors, random, path + "self_attn.k_proj.bias", 8);
        put(tensors, random, path + "self_attn.v_proj.bias", 8);
      }
      if (config.normsAfter()) {
        put(tensors, random, path + "pre_feedforward_layernorm.weight", 16);
        put(tensors, random, path + "post_feedforward_layernorm.weight", 16);
      }
      if (config.variant().qkNorm()) {
        put(tensors, random, path + "self_attn.q_norm.weight", 4);
        put(tensors, random, path + "self_attn.k_norm.weight", 4);
      }
      put(tensors, random, path + "mlp.gate_proj.weight", 40, 16);
      put(tensors, random, path + "mlp.up_proj.weight", 40, 16);
      put(tensors, random, path + "mlp.down_proj.weight", 16, 40);
    }
    ones(tensors, "model.norm.weight", 16);
    put(tensors, random, "lm_head.weight", 50, 16);
    return CausalLm.of(config, Weights.of(tensors));
  }

  private static void ones(Map<String, Tensor> tensors, String name, int size) {
    float[] values = new float[size];
    java.util.Arrays.fill(values, 1f);
    tensors.put(name, Tensors.kept(() -> Tensors.MAIN.ofFloats(values, size)));
  }

  private static void put(
      Map<String, Tensor> tensors, SplittableRandom random, String name, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * 0.3);
    }
    tensors.put(name, Tensors.kept(() -> Tensors.MAIN.ofFloats(values, shape)));
  }
}
