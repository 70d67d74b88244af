package malt.torch.nn;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** x / rms(x) * weight over the last dimension (Zhang and Sennrich 2019). */
record RmsNorm(Tensor weight, double epsilon) {
  Tensor forward(Tensor x) {
    return torch.rms_norm(
        x, new long[] {weight.size(0)}, new TensorOptional(weight), new DoubleOptional(epsilon));
  }
}
