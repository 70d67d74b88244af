package malt.torch.nn;

import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A linear map and what an adapter adds to it, y = W x + b + s B A x (Hu et al. 2021, equation 3).
 * With n = A x, gradients by hand: of B s y' n, of A s (B y') x, of x W y' + s A (B y'), where y' is
 * that of y.
 */
record AdaptedLinear(Linear base, LoraAdapter adapter) {
  /** x (N, in) to (N, out). */
  Tensor forward(Tensor x) {
    Tensor y = FrozenProduct.forward(x, weight());
    if (base.bias() != null) {
      y.add_(base.bias());
    }
    LoraAdapter.@Nullable Pair pair = pair();
    if (pair != null) {
      Tensor narrow = FrozenProduct.product(x.to(Tensors.type(pair.a())), pair.a()); // (N, rank)
      add(y, FrozenProduct.product(narrow, pair.b()));
    }
    return y;
  }

  /**
   * The gradient of x (N, in); those of the adapter are added to what it has collected.
   *
   * @param above gradient of the output, (N, out)
   */
  Tensor backward(Tensor above, Tensor x) {
    Tensor below = FrozenProduct.backward(above, weight());
    LoraAdapter.@Nullable Pair pair = pair();
    if (pair != null) {
      ScalarType type = Tensors.type(pair.a());
      Tensor input = x.to(type);
      Tensor output = above.to(type);
      Tensor narrow = FrozenProduct.product(input, pair.a()); // (N, rank)
      Tensor narrowAbove = FrozenProduct.product(output, pair.b().t()); // (N, rank)
      collect(pair.b(), output.t().mm(narrow));
      collect(pair.a(), narrowAbove.t().mm(input));
      add(below, FrozenProduct.product(narrowAbove, pair.a().t()));
    }
    return below;
  }

  private Tensor weight() {
    return adapter.weight(base.name(), base.weight());
  }

  private LoraAdapter.@Nullable Pair pair() {
    return adapter.pairs().get(base.name());
  }

  private void add(Tensor sum, Tensor change) {
    sum.add_(change.to(Tensors.type(sum)), Tensors.scalar(adapter.scale()));
  }

  private void collect(Tensor parameter, Tensor gradient) {
    Tensor sum = parameter.grad();
    if (sum.defined()) {
      sum.add_(gradient, Tensors.scalar(adapter.scale()));
    } else {
      parameter.mutable_grad().put(gradient.mul_(Tensors.scalar(adapter.scale())));
    }
  }
}
