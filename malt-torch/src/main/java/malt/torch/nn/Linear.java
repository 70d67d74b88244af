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
public record Linear(String name, Tensor weight, @Nullable Tensor bias) {
  /** Most numbers that are widened together: 16 MB, which malloc keeps and caches may hold. */
  static final long WIDENED_AT_ONCE = 1 << 22;

  /** Numbers of a block that serves several rows: 2 MB. */
  private static final long CACHED_AT_ONCE = 1 << 19;

  private static final long LARGE = 1 << 18;

  /** x (..., in) to (..., out), with what the adapter adds. */
  Tensor forward(Tensor x, LoraAdapter adapter) {
    Tensor y = map(x, adapter.weight(name, weight));
    return adapter.apply(name, x, bias == null ? y : y.add(bias));
  }

  /**
   * x (..., in) times weight (out, in), (..., out); few float32 rows go the way fastest for them on
   * the processor.
   */
  public static Tensor map(Tensor x, Tensor weight) {
    ScalarType type = Tensors.type(x);
    if (Tensors.type(weight) != type) {
      return widened(x, weight, type);
    }
    long rows = x.numel() / weight.size(1);
    boolean recorded = x.requires_grad() || weight.requires_grad();
    if (type != ScalarType.Float || rows > fewRows(weight) || !x.is_cpu()) {
      return recorded ? torch.linear(x, weight) : FrozenProduct.product(x, weight);
    }
    long[] shape = Tensors.shape(x);
    shape[shape.length - 1] = weight.size(0);
    if (rows == 1) {
      return weight.mv(x.reshape(-1)).view(shape);
    }
    return recorded ? torch.linear(x, weight) : rowByRow(x.reshape(rows, -1), weight).view(shape);
  }

  /** A product of matrices copies the whole weight first; so many rows are faster one by one. */
  private static int fewRows(Tensor weight) {
    return weight.numel() < LARGE ? 3 : 6;
  }

  /** x (N, in) without gradients; a block of the weight stays in the cache while the rows pass. */
  private static Tensor rowByRow(Tensor x, Tensor weight) {
    long block = Math.max(1, CACHED_AT_ONCE / weight.size(1));
    Tensor y = x.new_empty(x.size(0), weight.size(0));
    for (long from = 0; from < weight.size(0); from += block) {
      long count = Math.min(block, weight.size(0) - from);
      Tensor part = weight.narrow(0, from, count);
      for (long row = 0; row < x.size(0); row++) {
        torch.mv_out(y.select(0, row).narrow(0, from, count), part, x.select(0, row));
      }
    }
    return y;
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
