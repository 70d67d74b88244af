package malt.torch.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import org.bytedeco.pytorch.Tensor;

/** Random weights of a fresh decoder, under the names of Hugging Face's Llama. */
public final class InitialWeights {
  private final SplittableRandom random;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private InitialWeights(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * Norms are 1, all else normal; maps that write into the residual stream are scaled down by
   * sqrt(2 layers) (GPT-2's rule).
   */
  public static Map<String, Tensor> of(ModelConfig config, long seed, double deviation) {
    InitialWeights weights = new InitialWeights(seed);
    double residual = deviation / Math.sqrt(2.0 * config.layers());
    int hidden = config.hiddenSize();
    int all = config.heads() * config.headSize();
    int grouped = config.keyValueHeads() * config.headSize();
    weights.normal("model.embed_tokens.weight", config.vocabularySize(), hidden, deviation);
    for (int layer = 0; layer < config.layers(); layer++) {
      String path = "model.layers." + layer + ".";
      weights.ones(path + "input_layernorm.weight", hidden);
      weights.normal(path + "self_attn.q_proj.weight", all, hidden, deviation);
      weights.normal(path + "self_attn.k_proj.weight", grouped, hidden, deviation);
      weights.normal(path + "self_attn.v_proj.weight", grouped, hidden, deviation);
      weights.normal(path + "self_attn.o_proj.weight", hidden, all, residual);
      weights.ones(path + "post_attention_layernorm.weight", hidden);
      weights.normal(path + "mlp.gate_proj.weight", config.intermediateSize(), hidden, deviation);
      weights.normal(path + "mlp.up_proj.weight", config.intermediateSize(), hidden, deviation);
      weights.normal(path + "mlp.down_proj.weight", hidden, config.intermediateSize(), residual);
    }
    weights.ones("model.norm.weight", hidden);
    if (!config.tiedHead()) {
      weights.normal("lm_head.weight", config.vocabularySize(), hidden, deviation);
    }
    return weights.tensors;
  }

  private void ones(String name, int size) {
    float[] values = new float[size];
    Arrays.fill(values, 1f);
    tensors.put(name, Tensors.kept(() -> Tensors.ofFloats(values, size)));
  }

  private void normal(String name, int rows, int columns, double standardDeviation) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * standardDeviation);
    }
    tensors.put(name, Tensors.kept(() -> Tensors.ofFloats(values, rows, columns)));
  }
}
