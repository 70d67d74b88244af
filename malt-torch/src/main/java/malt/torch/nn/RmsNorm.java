package malt.torch.nn;

import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * x / rms(x) * (offset + weight) over the last dimension (Zhang and Sennrich 2019).
 *
 * @param offset 0, or 1 where the weight is what the factor differs from 1 by (Gemma)
 */
record RmsNorm(Tensor weight, double offset, double epsilon) {
  private static final long[] LAST = {-1};

  Tensor forward(Tensor x) {
    return torch.rms_norm(
        x, new long[] {weight.size(0)}, new TensorOptional(factor()), new DoubleOptional(epsilon));
  }

  private Tensor factor() {
    return offset == 0 ? weight : widened(weight).add(Tensors.scalar(offset));
  }

  /** The gradient of x from that of the result: (g - u mean(g u)) / rms(x), u = x / rms(x). */
  Tensor backward(Tensor above, Tensor x) {
    Tensor wide = widened(x);
    Tensor inverse = mean(wide.square()).add_(Tensors.scalar(epsilon)).rsqrt_(); // (..., 1)
    Tensor unit = wide.mul(inverse);
    Tensor g = widened(above).mul(factor());
    Tensor along = mean(g.mul(unit));
    return g.sub_(unit.mul_(along)).mul_(inverse).to(Tensors.type(x));
  }

  /** x through a norm that may not be there. */
  static Tensor normed(@Nullable RmsNorm norm, Tensor x) {
    return norm == null ? x : norm.forward(x);
  }

  /**
   * The gradient of what {@link #normed} was given.
   *
   * @param x what was normed; null where nothing was
   */
  static Tensor unnormed(@Nullable RmsNorm norm, Tensor above, @Nullable Tensor x) {
    return norm == null || x == null ? above : norm.backward(above, x);
  }

  private static Tensor mean(Tensor x) {
    return x.mean(LAST, true, new ScalarTypeOptional());
  }

  /** 16 bits are too few for sums of squares. */
  private static Tensor widened(Tensor x) {
    return Tensors.type(x) == ScalarType.Double ? x : x.to(ScalarType.Float);
  }
}
