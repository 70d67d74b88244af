package malt.torch.nn;

import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A linear map.
 *
 * @param name module name in the checkpoint, by which adapters find it
 * @param weight (out, in)
 * @param bias (out); null for none
 */
record Linear(String name, Tensor weight, @Nullable Tensor bias) {
  Tensor forward(Tensor x, LoraAdapter adapter) {
    Tensor y = map(x, adapter.weight(name, weight));
    return adapter.apply(name, x, bias == null ? y : y.add(bias));
  }

  /**
   * x (..., in) times weight (out, in), (..., out); one float32 row goes the way fastest for it.
   */
  static Tensor map(Tensor x, Tensor weight) {
    if (x.numel() > weight.size(1) || weight.scalar_type() != ScalarType.Float) {
      return torch.linear(x, weight);
    }
    long[] shape = Tensors.shape(x);
    shape[shape.length - 1] = weight.size(0);
    return weight.mv(x.reshape(-1)).view(shape);
  }
}
