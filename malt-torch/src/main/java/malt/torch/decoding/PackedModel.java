package malt.torch.decoding;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.RotaryTable;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.ModelConfig.Sight;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A base's weights as decoding wants them: maps of the same input in one, and each laid out once.
 * May be shared between threads.
 */
public final class PackedModel implements AutoCloseable {
  private final CausalLm model;
  private final List<Share> shares = new ArrayList<>();
  private final Map<Sight, RotaryTable.Growing> rotaries = new HashMap<>();
  private final List<Product> products = new ArrayList<>();
  private final float[] norm; // before the head, what it multiplies by

  /**
   * Words of the head in one product: what malloc gives back to the system after each use (over 32
   * MB) is cleared by it before the next.
   */
  private static final int HEAD_WORDS = 1 << 13;

  /** What one thread computes: a share of each product, and of the head piece by piece. */
  record Share(Shard shard, List<Layer> layers, List<Piece> head) {}

  /** Some words of the head, from the first one on. */
  record Piece(long first, Product product) {}

  /**
   * The products of a decoder layer, of a shard: some outputs of each, but some inputs of the
   * output and the down projection, whose results are parts of a sum; and what norms multiply by.
   */
  record Layer(
      float[] attentionNorm,
      Product queryKeyValue,
      TreeAttention.HeadNorms headNorms,
      Product output,
      float @Nullable [] attendedNorm,
      float[] feedNorm,
      Product gate,
      Product up,
      Product down,
      float @Nullable [] fedNorm) {}

  private PackedModel(CausalLm model, LoraAdapter merged, Packing packing) {
    this.model = model;
    ModelConfig config = model.config();
    for (int layer = 0; layer < config.layers(); layer++) {
      Sight sight = config.sight(layer);
      rotaries.computeIfAbsent(sight, each -> new RotaryTable.Growing(config, each));
    }
    String head = config.tiedHead() ? "model.embed_tokens" : "lm_head";
    try (GradMode off = GradMode.off();
        TensorScope scope = new TensorScope()) {
      for (int index = 0; index < packing.shards(); index++) {
        Shard shard = new Shard(index, packing.shards());
        Maker maker = new Maker(merged, shard, packing.copied());
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
          layers.add(layer(maker, path(layer)));
        }
        Maker plain = new Maker(LoraAdapter.NONE, shard, packing.copied());
        shares.add(new Share(shard, layers, plain.pieces(head)));
      }
      norm = norm("model.norm");
    }
  }

  /**
   * How weights are held for decoding.
   *
   * @param copied whether memory is there for a second copy of them, laid out for the processor
   * @param shards threads that work on one forward
   */
  public record Packing(boolean copied, int shards) {
    /** A copy has to leave most of the memory to the weights themselves, to caches and trees. */
    private static final double MOST_OF_MEMORY = 0.3;

    /** With a copy where this machine has the memory for it. */
    public static Packing of(CausalLm model, int shards) {
      long bytes =
          model.weights().names().stream()
              .mapToLong(name -> model.weights().tensor(name).nbytes())
              .sum();
      return new Packing(bytes <= MOST_OF_MEMORY * physicalMemory(), shards);
    }

    private static long physicalMemory() {
      return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
          ? system.getTotalMemorySize()
          : Runtime.getRuntime().maxMemory();
    }
  }

  /**
   * The weights of a base, or of a base with a merged adapter.
   *
   * @param model outlives this; on the processor
   * @param merged an adapter without pairs, or the base itself
   */
  public static PackedModel of(CausalLm model, LoraAdapter merged, Packing packing) {
    if (!model.tensors().device().isProcessor()) {
      throw new IllegalArgumentException(
          "weights on %s are not packed for the processor".formatted(model.tensors().device()));
    }
    return new PackedModel(model, merged, packing);
  }

  private Layer layer(Maker maker, String path) {
    String attention = path + "self_attn.";
    return new Layer(
        norm(path + "input_layernorm"),
        maker.outputs(queryKeyValue(path)),
        new TreeAttention.HeadNorms(
            normOrNone(attention + "q_norm"), normOrNone(attention + "k_norm")),
        maker.inputs(attention + "o_proj"),
        model.config().normsAfter() ? norm(path + "post_attention_layernorm") : null,
        norm(path + model.config().feedNorm()),
        maker.outputs(List.of(path + "mlp.gate_proj")),
        maker.outputs(List.of(path + "mlp.up_proj")),
        maker.inputs(path + "mlp.down_proj"),
        normOrNone(path + "post_feedforward_layernorm"));
  }

  static List<String> queryKeyValue(String path) {
    return List.of(path + "self_attn.q_proj", path + "self_attn.k_proj", path + "self_attn.v_proj");
  }

  /** Makes the products of a shard. */
  private final class Maker {
    private final LoraAdapter merged;
    private final Shard shard;
    private final boolean copied;

    Maker(LoraAdapter merged, Shard shard, boolean copied) {
      this.merged = merged;
      this.shard = shard;
      this.copied = copied;
    }

    Product outputs(List<String> modules) {
      return made(
          shard.rows(modules.stream().map(this::weight).toList()),
          shard.rows(
              modules.stream()
                  .filter(module -> model.weights().has(module + ".bias"))
                  .map(module -> tensor(module + ".bias"))
                  .toList()));
    }

    List<Piece> pieces(String module) {
      Tensor weight = weight(module);
      long from = shard.from(weight.size(0));
      long end = from + shard.length(weight.size(0));
      List<Piece> pieces = new ArrayList<>();
      for (long first = from; first < end; first += HEAD_WORDS) {
        Tensor words = weight.narrow(0, first, Math.min(HEAD_WORDS, end - first));
        pieces.add(new Piece(first, made(List.of(words), List.of())));
      }
      return pieces;
    }

    Product inputs(String module) {
      return made(List.of(shard.of(weight(module), 1)), List.of());
    }

    private Tensor weight(String module) {
      return merged.weight(module, tensor(module + ".weight"));
    }

    private Product made(List<Tensor> weights, List<Tensor> biases) {
      Product product = Product.of(weights, biases, computing(), copied);
      products.add(product);
      return product;
    }
  }

  private float @Nullable [] normOrNone(String module) {
    return model.weights().has(module + ".weight") ? norm(module) : null;
  }

  /** What a norm multiplies by. */
  private float[] norm(String module) {
    float[] factor = Tensors.floats(tensor(module + ".weight"));
    float offset = (float) model.config().normOffset();
    for (int i = 0; i < factor.length; i++) {
      factor[i] += offset;
    }
    return factor;
  }

  /** What the norm before the head multiplies by. */
  float[] norm() {
    return norm;
  }

  ModelConfig config() {
    return model.config();
  }

  /** One for each thread of a forward. */
  List<Share> shares() {
    return shares;
  }

  /** The angles for layers of each sight. */
  Map<Sight, RotaryTable.Growing> rotaries() {
    return rotaries;
  }

  private Tensor tensor(String name) {
    return model.weights().tensor(name);
  }

  /** Tokens (N) as the first layer takes them, (N, C). */
  Tensor embed(Tensor tokens) {
    return model.embed(tokens);
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
