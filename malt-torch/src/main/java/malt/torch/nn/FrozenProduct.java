package malt.torch.nn;

import malt.torch.tensor.Processor;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Products with a weight (out, in) that is not trained, forward and backward, without a graph. A
 * weight of another type than what it meets is widened a block of rows at a time.
 */
final class FrozenProduct {
  private static final long LARGE = 1 << 22; // multiplications

  private FrozenProduct() {}

  /** x (N, in) times the weight, (N, out). */
  static Tensor forward(Tensor x, Tensor weight) {
    if (Tensors.type(x) == Tensors.type(weight)) {
      return product(x, weight);
    }
    Tensor y = x.new_empty(x.size(0), weight.size(0));
    byBlocks(
        weight,
        Tensors.type(x),
        (from, block) -> y.narrow(1, from, block.size(0)).copy_(product(x, block)));
    return y;
  }

  /** The gradient of x (N, in) from that of the product (N, out). */
  static Tensor backward(Tensor above, Tensor weight) {
    if (Tensors.type(above) == Tensors.type(weight)) {
      return product(above, weight.t());
    }
    Tensor sum = above.new_zeros(above.size(0), weight.size(1));
    byBlocks(
        weight,
        Tensors.type(above),
        (from, block) -> sum.add_(product(above.narrow(1, from, block.size(0)), block.t())));
    return sum;
  }

  /** The type in which large products with x are worked out: whichever is faster where it is. */
  static ScalarType computing(Tensor x) {
    ScalarType type = Tensors.type(x);
    return type == ScalarType.BFloat16 && x.is_cpu() && Processor.here().prefersFloat32()
        ? ScalarType.Float
        : type;
  }

  /** x (..., in) times weight (out, in) of the same type, by the library that is fastest at it. */
  static Tensor product(Tensor x, Tensor weight) {
    return large(x, weight) ? product(x, weight, computing(x)) : torch.linear(x, weight);
  }

  /** The same by oneDNN, worked out in a type and rounded at its end. */
  static Tensor product(Tensor x, Tensor weight, ScalarType computing) {
    return TensorScope.result(
        () ->
            OneDnn.product(x.to(computing), new IValue(weight.to(computing)), new IValue())
                .to(Tensors.type(x)));
  }

  /** x (N, in) times weight (out, in), and y (N, out) added; of one type. */
  static Tensor product(Tensor x, Tensor weight, Tensor y) {
    return large(x, weight)
        ? OneDnn.product(x, new IValue(weight), new IValue(), "add", y)
        : torch.addmm(y, x, weight.t());
  }

  /** oneDNN compiles code for each new shape, which small products do not earn back. */
  private static boolean large(Tensor x, Tensor weight) {
    return x.numel() * weight.size(0) >= LARGE && x.is_cpu() && OneDnn.supports(Tensors.type(x));
  }

  /** What is done with rows of the weight from a number on. */
  private interface BlockWork {
    void with(long from, Tensor block);
  }

  private static void byBlocks(Tensor weight, ScalarType type, BlockWork work) {
    long rows = Math.max(1, Linear.WIDENED_AT_ONCE / weight.size(1));
    for (long from = 0; from < weight.size(0); from += rows) {
      try (TensorScope scope = new TensorScope()) {
        long count = Math.min(rows, weight.size(0) - from);
        work.with(from, weight.narrow(0, from, count).to(type));
      }
    }
  }
}
