package malt.torch.decoding;

import java.util.ArrayList;
import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.RotaryTable;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A base's weights as decoding wants them: maps of the same input in one, and each laid out once.
 * May be shared between threads.
 */
public final class PackedModel implements AutoCloseable {
  private final CausalLm model;
  private final List<Layer> layers = new ArrayList<>();
  private final Product head;
  private final RotaryTable.Growing rotary;
  private final List<Product> products = new ArrayList<>();

  /** The products of a decoder layer. */
  record Layer(
      Tensor attentionNorm,
      Product queryKeyValue,
      TreeAttention.HeadNorms headNorms,
      Product output,
      Tensor feedNorm,
      Product gate,
      Product up,
      Product down) {}

  private PackedModel(CausalLm model, LoraAdapter merged, boolean packed) {
    this.model = model;
    rotary = new RotaryTable.Growing(model.config());
    try (GradMode off = GradMode.off()) {
      for (int index = 0; index < model.config().layers(); index++) {
        layers.add(layer(merged, path(index), packed));
      }
      boolean tied = model.config().tiedHead();
      head = product(LoraAdapter.NONE, packed, List.of(tied ? "model.embed_tokens" : "lm_head"));
    }
  }

  /**
   * The weights of a base, or of a base with a merged adapter.
   *
   * @param model outlives this
   * @param merged an adapter without pairs, or the base itself
   * @param packed whether memory is there for a second copy of the weights
   */
  public static PackedModel of(CausalLm model, LoraAdapter merged, boolean packed) {
    return new PackedModel(model, merged, packed);
  }

  private Layer layer(LoraAdapter merged, String path, boolean packed) {
    String attention = path + "self_attn.";
    return new Layer(
        tensor(path + "input_layernorm.weight"),
        product(merged, packed, queryKeyValue(path)),
        new TreeAttention.HeadNorms(
            numbers(attention + "q_norm.weight"), numbers(attention + "k_norm.weight")),
        product(merged, packed, List.of(attention + "o_proj")),
        tensor(path + "post_attention_layernorm.weight"),
        product(merged, packed, List.of(path + "mlp.gate_proj")),
        product(merged, packed, List.of(path + "mlp.up_proj")),
        product(merged, packed, List.of(path + "mlp.down_proj")));
  }

  static List<String> queryKeyValue(String path) {
    return List.of(
        path + "self_attn.q_proj", path + "self_attn.k_proj", path + "self_attn.v_proj");
  }

  private Product product(LoraAdapter merged, boolean packed, List<String> modules) {
    Weights weights = model.weights();
    Product product =
        Product.of(
            modules.stream().map(m -> merged.weight(m, weights.tensor(m + ".weight"))).toList(),
            modules.stream()
                .filter(m -> weights.has(m + ".bias"))
                .map(m -> weights.tensor(m + ".bias"))
                .toList(),
            computing(),
            packed);
    products.add(product);
    return product;
  }

  private float @Nullable [] numbers(String name) {
    return model.weights().has(name) ? Tensors.floats(tensor(name)) : null;
  }

  CausalLm model() {
    return model;
  }

  ModelConfig config() {
    return model.config();
  }

  List<Layer> layers() {
    return layers;
  }

  Product head() {
    return head;
  }

  RotaryTable.Growing rotary() {
    return rotary;
  }

  Tensor tensor(String name) {
    return model.weights().tensor(name);
  }

  ScalarType computing() {
    return model.computing();
  }

  static String path(int layer) {
    return "model.layers." + layer + ".";
  }

  @Override
  public void close() {
    products.forEach(Product::close);
    products.clear();
  }
}
