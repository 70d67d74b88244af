package malt.torch.adapter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Weights;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA adapter (Hu et al. 2021, equation 3): y = W x + scale B A x for each linear map it names.
 * Forwards take it as an argument; {@link #NONE} is the base itself.
 */
public final class LoraAdapter implements AutoCloseable {
  /** No adapter: the frozen base. */
  public static final LoraAdapter NONE = new LoraAdapter(Map.of(), 0);

  /** A (rank, in) and B (out, rank); float32 whatever the base computes in. */
  public record Pair(Tensor a, Tensor b) {}

  private final Map<String, Pair> pairs;
  private final Map<String, Tensor> merged;
  private final double scale;

  /**
   * @param pairs by module name, "model.layers.0.self_attn.q_proj"; owned by this adapter
   * @param scale alpha / rank
   */
  public LoraAdapter(Map<String, Pair> pairs, double scale) {
    this(pairs, Map.of(), scale);
  }

  private LoraAdapter(Map<String, Pair> pairs, Map<String, Tensor> merged, double scale) {
    this.pairs = new LinkedHashMap<>(pairs);
    this.merged = merged;
    this.scale = scale;
  }

  /**
   * The same map with W + scale B A worked out: fewer and larger operations, for the memory of
   * those weights. It has no pairs, so it cannot be trained or written. Equal up to rounding.
   *
   * @param weights the base's
   */
  public LoraAdapter merged(Weights weights) {
    Map<String, Tensor> sums = new LinkedHashMap<>();
    try (GradMode off = GradMode.off()) {
      for (String module : pairs.keySet()) {
        sums.put(module, Tensors.kept(() -> mergedWeight(module + ".weight", weights)));
      }
    }
    return new LoraAdapter(Map.of(), sums, scale);
  }

  /** The tensor of that name with this adapter's change, float32; as it is where there is none. */
  public Tensor mergedWeight(String name, Weights weights) {
    Tensor weight = weights.tensor(name);
    @Nullable Pair pair =
        name.endsWith(".weight") ? pairs.get(name.substring(0, name.lastIndexOf('.'))) : null;
    if (pair == null) {
      return weight;
    }
    return torch.addmm(
        weight.to(ScalarType.Float), pair.b(), pair.a(), Tensors.scalar(1), Tensors.scalar(scale));
  }

  /** The same matrices, in the same memory, with gradients of their own; of the scope around. */
  public LoraAdapter replica() {
    Map<String, Pair> same = new LinkedHashMap<>();
    pairs.forEach(
        (module, pair) -> same.put(module, new Pair(pair.a().detach(), pair.b().detach())));
    return new LoraAdapter(same, scale);
  }

  /** A and B of each module, in order. */
  public List<Tensor> tensors() {
    return pairs.values().stream().flatMap(pair -> Stream.of(pair.a(), pair.b())).toList();
  }

  /** Whether {@link #merged} made it: its change is within weights of its own. */
  public boolean isMerged() {
    return !merged.isEmpty();
  }

  public Map<String, Pair> pairs() {
    return pairs;
  }

  public double scale() {
    return scale;
  }

  /** The weight that the module's map uses: merged, or the base's. */
  public Tensor weight(String module, Tensor base) {
    return merged.getOrDefault(module, base);
  }

  /** y + scale B A x, or y where this adapter does not name the module. */
  public Tensor apply(String module, Tensor x, Tensor y) {
    @Nullable Pair pair = pairs.get(module);
    if (pair == null) {
      return y;
    }
    ScalarType type = Tensors.type(pair.a());
    Tensor narrow = torch.linear(x.reshape(-1, x.size(-1)).to(type), pair.a()); // (N, rank)
    if (Tensors.type(y) != type) {
      Tensor change = torch.linear(narrow, pair.b()).mul(Tensors.scalar(scale));
      return y.add(change.to(Tensors.type(y)).view(Tensors.shape(y)));
    }
    return torch
        .addmm(
            y.reshape(-1, y.size(-1)),
            narrow,
            pair.b().t(),
            Tensors.scalar(1),
            Tensors.scalar(scale))
        .view(Tensors.shape(y));
  }

  @Override
  public void close() {
    for (Pair pair : pairs.values()) {
      pair.a().close();
      pair.b().close();
    }
    merged.values().forEach(Tensor::close);
  }
}
