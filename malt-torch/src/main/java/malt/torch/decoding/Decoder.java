package malt.torch.decoding;

import java.util.ArrayList;
import java.util.List;
import malt.ModelException;
import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The forward without gradients: tokens of any number of texts at once, without padding, each text a
 * path in a tree of keys and values. Equals {@link malt.torch.nn.CausalLm#forward} up to rounding.
 * Belongs to one thread, whose gradient mode is off.
 */
public final class Decoder implements AutoCloseable {
  private final PackedModel model;
  private final ModelConfig config;
  private final TreeAttention attention;
  private final KeyValueStore store;
  private final List<Layer> layers = new ArrayList<>();

  /** The products of a layer with what the adapter adds. */
  private record Layer(
      PackedModel.Layer base,
      AdaptedProduct queryKeyValue,
      AdaptedProduct output,
      AdaptedProduct gate,
      AdaptedProduct up,
      AdaptedProduct down) {
    void close() {
      List.of(queryKeyValue, output, gate, up, down).forEach(AdaptedProduct::close);
    }
  }

  /**
   * @param model outlives this
   * @param adapter what is added to the model's weights, unmerged; outlives this
   * @param threads of attention, the caller's included
   */
  public Decoder(PackedModel model, LoraAdapter adapter, int threads) {
    this.model = model;
    this.config = model.config();
    attention = new TreeAttention(config, model.rotary(), threads);
    store = attention.store();
    for (int index = 0; index < config.layers(); index++) {
      layers.add(layer(index, adapter));
    }
  }

  private Layer layer(int index, LoraAdapter adapter) {
    String path = PackedModel.path(index);
    PackedModel.Layer base = model.layers().get(index);
    long head = config.headSize();
    long keys = config.keyValueHeads() * head;
    long hidden = config.hiddenSize();
    long feed = config.intermediateSize();
    return new Layer(
        base,
        AdaptedProduct.of(
            base.queryKeyValue(),
            adapter,
            PackedModel.queryKeyValue(path),
            config.heads() * head,
            keys,
            keys),
        AdaptedProduct.of(base.output(), adapter, List.of(path + "self_attn.o_proj"), hidden),
        AdaptedProduct.of(base.gate(), adapter, List.of(path + "mlp.gate_proj"), feed),
        AdaptedProduct.of(base.up(), adapter, List.of(path + "mlp.up_proj"), feed),
        AdaptedProduct.of(base.down(), adapter, List.of(path + "mlp.down_proj"), hidden));
  }

  /** The keys and values of everything that this decoder has read. */
  public KeyValueStore store() {
    return store;
  }

  /** The model's shape. */
  public ModelConfig config() {
    return config;
  }

  /** Reads tokens: afterwards their nodes hold their keys and values. */
  public void read(List<Feed> feeds) {
    try (TensorScope scope = new TensorScope()) {
      hidden(feeds);
    }
  }

  /** Reads tokens, and returns the logits (F, V) that follow the last one of each feed. */
  public Tensor logits(List<Feed> feeds) {
    return TensorScope.result(
        () -> {
          Tensor hidden = hidden(feeds); // (N, C)
          Tensor last = hidden.size(0) == feeds.size() ? hidden : hidden.index_select(0, last(feeds));
          return model.head().of(norm(last, model.tensor("model.norm.weight")));
        });
  }

  private static Tensor last(List<Feed> feeds) {
    long[] rows = new long[feeds.size()];
    long end = 0;
    for (int i = 0; i < rows.length; i++) {
      end += feeds.get(i).tokens().length;
      rows[i] = end - 1;
    }
    return Tensors.ofLongs(rows, rows.length);
  }

  /** Hidden states after the last layer, (N, C): the tokens of all feeds, one after the other. */
  private Tensor hidden(List<Feed> feeds) {
    for (Feed feed : feeds) {
      int end = feed.node().end() + feed.tokens().length;
      if (end > config.maxPositions()) {
        throw new ModelException(
            "a sequence of %d tokens exceeds the model's %d positions"
                .formatted(end, config.maxPositions()),
            false);
      }
    }
    AttentionPlan plan = AttentionPlan.of(feeds, attention.tokensOfShare());
    int[] ids = feeds.stream().flatMapToInt(f -> java.util.Arrays.stream(f.tokens())).toArray();
    ScalarType type = model.computing();
    Tensor x =
        torch
            .embedding(model.tensor("model.embed_tokens.weight"), Tensors.ofIds(ids))
            .to(type); // (N, C)
    for (int index = 0; index < layers.size(); index++) {
      int layer = index;
      Tensor before = x;
      x = TensorScope.result(() -> forward(layer, before, plan));
    }
    return x;
  }

  private Tensor forward(int index, Tensor x, AttentionPlan plan) {
    Layer layer = layers.get(index);
    Tensor qkv = layer.queryKeyValue().of(norm(x, layer.base().attentionNorm()));
    Tensor attended =
        attention.attend(index, qkv.to(ScalarType.Float), layer.base().headNorms(), plan);
    Tensor h = layer.output().plus(attended.to(model.computing()), x);
    Tensor normed = norm(h, layer.base().feedNorm());
    Tensor fed = layer.up().times(normed, layer.gate().silu(normed));
    return layer.down().plus(fed, h);
  }

  private Tensor norm(Tensor x, Tensor weight) {
    return torch.rms_norm(
        x,
        new long[] {weight.size(0)},
        new TensorOptional(weight),
        new DoubleOptional(config.normEpsilon()));
  }

  @Override
  public void close() {
    layers.forEach(Layer::close);
    layers.clear();
    attention.close();
    store.close();
  }
}
