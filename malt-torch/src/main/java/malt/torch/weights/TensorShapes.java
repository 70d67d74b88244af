package malt.torch.weights;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names and shapes of a decoder's tensors, as Hugging Face's checkpoints have them. */
public final class TensorShapes {
  private final Map<String, long[]> shapes = new LinkedHashMap<>();

  private TensorShapes() {}

  /** All of them, in the order in which a forward uses them. */
  public static Map<String, long[]> of(ModelConfig config) {
    TensorShapes tensors = new TensorShapes();
    long hidden = config.hiddenSize();
    tensors.add("model.embed_tokens.weight", config.vocabularySize(), hidden);
    for (int layer = 0; layer < config.layers(); layer++) {
      tensors.layer("model.layers." + layer + ".", config);
    }
    tensors.add("model.norm.weight", hidden);
    if (!config.tiedHead()) {
      tensors.add("lm_head.weight", config.vocabularySize(), hidden);
    }
    return tensors.shapes;
  }

  private void layer(String path, ModelConfig config) {
    long hidden = config.hiddenSize();
    long inner = config.intermediateSize();
    long all = (long) config.heads() * config.headSize();
    long grouped = (long) config.keyValueHeads() * config.headSize();
    add(path + "input_layernorm.weight", hidden);
    attention(path + "self_attn.q_proj", all, config);
    attention(path + "self_attn.k_proj", grouped, config);
    attention(path + "self_attn.v_proj", grouped, config);
    add(path + "self_attn.o_proj.weight", hidden, all);
    if (config.variant().qkNorm()) {
      add(path + "self_attn.q_norm.weight", config.headSize());
      add(path + "self_attn.k_norm.weight", config.headSize());
    }
    add(path + "post_attention_layernorm.weight", hidden);
    if (config.normsAfter()) {
      add(path + "pre_feedforward_layernorm.weight", hidden);
      add(path + "post_feedforward_layernorm.weight", hidden);
    }
    add(path + "mlp.gate_proj.weight", inner, hidden);
    add(path + "mlp.up_proj.weight", inner, hidden);
    add(path + "mlp.down_proj.weight", hidden, inner);
  }

  private void attention(String name, long out, ModelConfig config) {
    add(name + ".weight", out, config.hiddenSize());
    if (config.variant().qkvBias()) {
      add(name + ".bias", out);
    }
  }

  private void add(String name, long... shape) {
    shapes.put(name, shape);
  }
}
