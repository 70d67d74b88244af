package malt.torch.decoding;

import java.util.List;
import malt.torch.nn.Activation;
import malt.torch.nn.Linear;
import malt.torch.nn.OneDnn;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Frozen linear maps of one input side by side, x (N, in) to (N, out); as one, with its weight
 * packed, where the library has that.
 */
final class Product implements AutoCloseable {
  private final List<Tensor> weights; // (out of each, in), views; none where packed
  private final @Nullable Tensor bias; // (out)
  private final @Nullable Tensor packed;
  private final IValue packedWeight;
  private final IValue packedBias;

  private Product(List<Tensor> weights, @Nullable Tensor bias, @Nullable Tensor packed) {
    this.weights = weights;
    this.bias = bias;
    this.packed = packed;
    try (TensorScope scope = new TensorScope()) {
      packedWeight = scope.keep(packed == null ? new IValue() : new IValue(packed));
      packedBias = scope.keep(bias == null ? new IValue() : new IValue(bias));
    }
  }

  /**
   * @param weights (out, in) of each map; they outlive this where they are not packed
   * @param biases (out) of each, or none
   * @param computing type of what is multiplied
   * @param pack whether memory is there for a copy
   */
  static Product of(List<Tensor> weights, List<Tensor> biases, ScalarType computing, boolean pack) {
    Tensor bias = biases.isEmpty() ? null : Tensors.kept(() -> joined(biases));
    boolean packed =
        pack
            && OneDnn.supports(computing)
            && weights.stream().allMatch(weight -> Tensors.type(weight) == computing);
    return packed
        ? new Product(
            List.of(), bias, Tensors.kept(() -> OneDnn.pack(joined(weights).contiguous())))
        : new Product(weights.stream().map(w -> Tensors.kept(w::alias)).toList(), bias, null);
  }

  private static Tensor joined(List<Tensor> tensors) {
    return tensors.size() == 1
        ? tensors.get(0).alias()
        : Tensors.cat(0, tensors.toArray(new Tensor[0]));
  }

  /** W x + b. */
  Tensor of(Tensor x) {
    return packed == null ? plain(x) : OneDnn.product(x, packedWeight, packedBias);
  }

  /** f(W x + b). */
  Tensor gate(Tensor x, Activation f) {
    return packed == null ? f.apply(plain(x)) : OneDnn.product(x, packedWeight, packedBias, f);
  }

  /** W x + b + y. */
  Tensor plus(Tensor x, Tensor y) {
    return packed == null ? plain(x).add(y) : OneDnn.product(x, packedWeight, packedBias, "add", y);
  }

  /** (W x + b) * y, element by element. */
  Tensor times(Tensor x, Tensor y) {
    return packed == null ? plain(x).mul(y) : OneDnn.product(x, packedWeight, packedBias, "mul", y);
  }

  private Tensor plain(Tensor x) {
    Tensor y =
        weights.size() == 1
            ? Linear.map(x, weights.get(0))
            : Tensors.cat(-1, weights.stream().map(w -> Linear.map(x, w)).toArray(Tensor[]::new));
    return bias == null ? y : y.add(bias);
  }

  @Override
  public void close() {
    weights.forEach(Tensor::close);
    packedBias.close();
    packedWeight.close();
    if (bias != null) {
      bias.close();
    }
    if (packed != null) {
      packed.close();
    }
  }
}
