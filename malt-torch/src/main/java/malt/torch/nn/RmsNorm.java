package malt.torch.nn;

import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** x / rms(x) * weight over the last dimension (Zhang and Sennrich 2019). */
record RmsNorm(Tensor weight, double epsilon) {
  private static final long[] LAST = {-1};

  Tensor forward(Tensor x) {
    return torch.rms_norm(
        x, new long[] {weight.size(0)}, new TensorOptional(weight), new DoubleOptional(epsilon));
  }

  /** The gradient of x from that of the result: (g - u mean(g u)) / rms(x), u = x / rms(x). */
  Tensor backward(Tensor above, Tensor x) {
    Tensor wide = widened(x);
    Tensor inverse = mean(wide.square()).add_(Tensors.scalar(epsilon)).rsqrt_(); // (..., 1)
    Tensor unit = wide.mul(inverse);
    Tensor g = widened(above).mul(weight);
    Tensor along = mean(g.mul(unit));
    return g.sub_(unit.mul_(along)).mul_(inverse).to(Tensors.type(x));
  }

  private static Tensor mean(Tensor x) {
    return x.mean(LAST, true, new ScalarTypeOptional());
  }

  /** 16 bits are too few for sums of squares. */
  private static Tensor widened(Tensor x) {
    return Tensors.type(x) == ScalarType.Double ? x : x.to(ScalarType.Float);
  }
}
