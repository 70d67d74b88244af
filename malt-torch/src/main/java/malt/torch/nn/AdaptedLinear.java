package malt.torch.nn;

import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A linear map and what an adapter adds to it, y = W x + b + s B A x (Hu et al. 2021, equation 3).
 * With n = A x, gradients by hand: of B s y' n, of A s (B y') x, of x W y' + s A (B y'), where y'
 * is that of y.
 */
record AdaptedLinear(Linear base, LoraAdapter adapter) {
  /** What maps side by side are given, (N, in), which is widened once for all of their adapters. */
  static final class Input {
    private final Tensor x;
    private @Nullable Tensor wide;

    Input(Tensor x) {
      this.x = x;
    }

    private Tensor to(ScalarType type) {
      if (wide == null) {
        wide = x.to(type);
      }
      return wide;
    }
  }

  /** x (N, in) to (N, out). */
  Tensor forward(Input x) {
    Tensor y = FrozenProduct.forward(x.x, weight());
    if (base.bias() != null) {
      y.add_(base.bias());
    }
    LoraAdapter.@Nullable Pair pair = pair();
    return pair == null ? y : changed(y, narrowed(x, pair), pair.b());
  }

  /**
   * The gradient of x (N, in); those of the adapter are added to what it has collected.
   *
   * @param above gradient of the output, (N, out), of x's type or more bits
   */
  Tensor backward(Tensor above, Input x) {
    Tensor below = FrozenProduct.backward(above.to(Tensors.type(x.x)), weight());
    LoraAdapter.@Nullable Pair pair = pair();
    if (pair == null) {
      return below;
    }
    ScalarType type = Tensors.type(pair.a());
    Tensor wide = above.to(type);
    Tensor narrowAbove =
        FrozenProduct.product(wide, pair.b().t()).mul_(Tensors.scalar(adapter.scale()));
    collect(pair.b(), summed(narrowed(x, pair), wide).t());
    collect(pair.a(), summed(narrowAbove, x.to(type)));
    return changed(below, narrowAbove, pair.a().t());
  }

  private Tensor weight() {
    return adapter.weight(base.name(), base.weight());
  }

  private LoraAdapter.@Nullable Pair pair() {
    return adapter.pairs().get(base.name());
  }

  /** s A x, (N, rank). */
  private Tensor narrowed(Input x, LoraAdapter.Pair pair) {
    return FrozenProduct.product(x.to(Tensors.type(pair.a())), pair.a())
        .mul_(Tensors.scalar(adapter.scale()));
  }

  /** y + n w, where n (N, rank) and w (out, rank) may be of more bits. */
  private static Tensor changed(Tensor y, Tensor narrow, Tensor wide) {
    return Tensors.type(y) == Tensors.type(narrow)
        ? FrozenProduct.product(narrow, wide, y)
        : y.add_(FrozenProduct.product(narrow, wide).to(Tensors.type(y)));
  }

  /** The sum over tokens of n x', (rank, out), of n (N, rank) and x (N, out). */
  private static Tensor summed(Tensor narrow, Tensor x) {
    return FrozenProduct.product(narrow.t().contiguous(), x.t());
  }

  private static void collect(Tensor parameter, Tensor gradient) {
    Tensor sum = parameter.grad();
    if (sum.defined()) {
      sum.add_(gradient);
    } else {
      parameter.mutable_grad().put(gradient.contiguous());
    }
  }
}
