package malt.torch.nn;

import java.util.ArrayList;
import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A linear map. A weight of another type than its input is widened for the moment of its use.
 *
 * @param name module name in the checkpoint, by which adapters find it
 * @param weight (out, in)
 * @param bias (out); null for none
 */
record Linear(String name, Tensor weight, @Nullable Tensor bias) {
  /** Most numbers that are widened together: 16 MB, which malloc keeps and caches may hold. */
  private static final long WIDENED_AT_ONCE = 1 << 22;

  Tensor forward(Tensor x, LoraAdapter adapter) {
    Tensor y = map(x, adapter.weight(name, weight));
    return adapter.apply(name, x, bias == null ? y : y.add(bias));
  }

  /**
   * x (..., in) times weight (out, in), (..., out); one float32 row goes the way fastest for it.
   */
  static Tensor map(Tensor x, Tensor weight) {
    ScalarType type = Tensors.type(x);
    if (Tensors.type(weight) != type) {
      return widened(x, weight, type);
    }
    if (x.numel() > weight.size(1) || type != ScalarType.Float) {
      return torch.linear(x, weight);
    }
    long[] shape = Tensors.shape(x);
    shape[shape.length - 1] = weight.size(0);
    return weight.mv(x.reshape(-1)).view(shape);
  }

  private static Tensor widened(Tensor x, Tensor weight, ScalarType type) {
    long rows = Math.max(1, WIDENED_AT_ONCE / weight.size(1));
    if (rows >= weight.size(0)) {
      return map(x, weight.to(type));
    }
    List<Tensor> parts = new ArrayList<>();
    for (long row = 0; row < weight.size(0); row += rows) {
      long count = Math.min(rows, weight.size(0) - row);
      long from = row;
      parts.add(TensorScope.result(() -> map(x, weight.narrow(0, from, count).to(type))));
    }
    return Tensors.cat(-1, parts.toArray(new Tensor[0]));
  }
}
