package malt.torch.decoding;

import java.util.ArrayList;
import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.Activation;
import malt.torch.tensor.Team;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The processor's: weights packed for its registers, attention by the Vector API, and the threads
 * of a team that share every product.
 */
public final class PackedDecoder implements Decoder {
  /** Logits that are drawn from at once: what is made of them stays in a core's own cache. */
  private static final int DRAWN_AT_ONCE = 1 << 18;

  private final PackedModel model;
  private final ModelConfig config;
  private final Activation activation;
  private final Team team;
  private final TreeAttention attention;
  private final KeyValueStore store;
  private final List<Member> members = new ArrayList<>();
  private final List<Residual> residuals = new ArrayList<>(); // of the members
  private @Nullable Tensor logits; // (most rows so far, V)

  /** What one thread computes of a forward, but for its residual. */
  private record Member(PackedModel.Share share, List<Layer> layers) {}

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
   */
  public PackedDecoder(PackedModel model, LoraAdapter adapter) {
    this.model = model;
    this.config = model.config();
    activation = Activation.of(config);
    team = new Team(model.shares().size());
    attention =
        new TreeAttention(config, model.rotaries(), team, model.computing() == ScalarType.BFloat16);
    store = attention.store();
    try (TensorScope scope = new TensorScope()) {
      for (PackedModel.Share share : model.shares()) {
        List<Layer> layers = new ArrayList<>();
        for (int index = 0; index < config.layers(); index++) {
          layers.add(layer(share, index, adapter));
        }
        members.add(new Member(share, layers));
        residuals.add(new Residual(config.hiddenSize(), config.normEpsilon(), model.computing()));
      }
    }
  }

  private Layer layer(PackedModel.Share share, int index, LoraAdapter adapter) {
    String path = PackedModel.path(index);
    PackedModel.Layer base = share.layers().get(index);
    AdaptedProduct.Part outputs = AdaptedProduct.Part.outputs(share.shard());
    AdaptedProduct.Part inputs = AdaptedProduct.Part.inputs(share.shard());
    long head = config.headSize();
    long keys = config.keyValueHeads() * head;
    long hidden = config.hiddenSize();
    long feed = config.intermediateSize();
    return new Layer(
        base,
        AdaptedProduct.of(
            base.queryKeyValue(),
            adapter,
            outputs,
            PackedModel.queryKeyValue(path),
            config.heads() * head,
            keys,
            keys),
        AdaptedProduct.of(
            base.output(), adapter, inputs, List.of(path + "self_attn.o_proj"), hidden),
        AdaptedProduct.of(base.gate(), adapter, outputs, List.of(path + "mlp.gate_proj"), feed),
        AdaptedProduct.of(base.up(), adapter, outputs, List.of(path + "mlp.up_proj"), feed),
        AdaptedProduct.of(base.down(), adapter, inputs, List.of(path + "mlp.down_proj"), hidden));
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public void read(List<Feed> feeds) {
    try (TensorScope scope = new TensorScope()) {
      int[] ids = begin(feeds);
      team.together(
          number -> {
            try (TensorScope own = new TensorScope()) {
              hidden(number, ids);
            }
          });
    }
  }

  @Override
  public Tensor logits(List<Feed> feeds) {
    int[] ids = begin(feeds);
    int[] last = Feed.last(feeds);
    Tensor rows = room(feeds.size());
    team.together(
        number -> {
          try (TensorScope own = new TensorScope()) {
            hidden(number, ids);
            Tensor ends = residuals.get(number).normed(model.norm(), last); // (F, C)
            for (PackedModel.Piece piece : members.get(number).share().head()) {
              try (TensorScope scope = new TensorScope()) {
                Tensor words = piece.product().of(ends);
                rows.narrow(1, piece.first(), words.size(1)).copy_(words);
              }
            }
          }
        });
    return rows;
  }

  /** Memory for so many rows of logits, which is used again. */
  private Tensor room(int rows) {
    if (logits == null || logits.size(0) < rows) {
      if (logits != null) {
        logits.close();
      }
      logits =
          Tensors.kept(
              () ->
                  torch.empty(
                      new long[] {rows, config.vocabularySize()},
                      new TensorOptions(model.computing()),
                      new MemoryFormatOptional()));
    }
    return logits.narrow(0, 0, rows);
  }

  @Override
  public void eachShare(int rows, RowWork work) {
    int together = Math.max(1, DRAWN_AT_ONCE / config.vocabularySize());
    team.together(
        number -> {
          Shard shard = new Shard(number, team.size());
          int end = (int) (shard.from(rows) + shard.length(rows));
          for (int from = (int) shard.from(rows); from < end; from += together) {
            try (TensorScope own = new TensorScope()) {
              work.run(from, Math.min(from + together, end));
            }
          }
        });
  }

  /** Makes room and plans; the ids of all tokens. */
  private int[] begin(List<Feed> feeds) {
    int[] ids = Feed.ids(feeds, config);
    attention.begin(feeds);
    return ids;
  }

  /** Leaves the hidden states after the last layer in the member's residual, (N, C). */
  private void hidden(int number, int[] ids) {
    Residual x = residuals.get(number);
    x.begin(model.embed(Tensors.MAIN.ofIds(ids)));
    for (int index = 0; index < config.layers(); index++) {
      try (TensorScope scope = new TensorScope()) {
        layer(number, index, x);
      }
    }
  }

  private void layer(int number, int index, Residual x) {
    Layer layer = members.get(number).layers().get(index);
    Shard shard = members.get(number).share().shard();
    Tensor qkv = layer.queryKeyValue().of(x.normed(layer.base().attentionNorm()));
    Tensor attended =
        attention.attend(number, shard, index, qkv.to(ScalarType.Float), layer.base().headNorms());
    Tensor output = layer.output().of(attended.to(model.computing()));
    add(0, x, output, layer.base().attendedNorm());
    Tensor normed = x.normed(layer.base().feedNorm());
    Tensor fed = layer.up().times(normed, layer.gate().gate(normed, activation));
    add(1, x, layer.down().of(fed), layer.base().fedNorm());
  }

  /** Adds this member's part of a sum, and the others', through a norm where there is one. */
  private void add(int which, Residual x, Tensor part, float @Nullable [] norm) {
    x.offer(which, part);
    team.meet();
    x.add(which, residuals, norm);
  }

  @Override
  public void close() {
    members.forEach(member -> member.layers().forEach(Layer::close));
    members.clear();
    team.close();
    store.close();
    if (logits != null) {
      logits.close();
    }
  }
}
