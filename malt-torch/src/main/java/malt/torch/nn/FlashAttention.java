package malt.torch.nn;

import java.util.List;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;

/**
 * Attention without an array of all weights (Dao et al. 2022), forward and backward, by LibTorch's
 * operators for the processor. Queries whose keys come in parts have the parts' results weighed by
 * their sums, which makes the whole exact; what the backward needs of it is the whole's sums only.
 * In 32 bits or more: in 16 the operators fall back to a scalar loop.
 *
 * @param value (N, G, R, D): groups, and the heads of each
 * @param logSums log of the sum over keys of exp(score), (G, R, N)
 */
record FlashAttention(Tensor value, Tensor logSums) {

  /** The operators, looked up on first use; never freed. */
  private static final class Operators {
    static final OperatorHandle FORWARD = operator("");
    static final OperatorHandle BACKWARD = operator("_backward");

    private static OperatorHandle operator(String suffix) {
      String name = "aten::_scaled_dot_product_flash_attention_for_cpu" + suffix;
      return TensorScope.forever(() -> Dispatcher.singleton().findSchemaOrThrow(name, ""));
    }
  }

  /** Of queries (N, G, R, D), keys and values (N, G, D). */
  record Gradients(Tensor q, Tensor k, Tensor v) {}

  /** Attention of q (N, G, R, D) over k and v (N, G, D); every query is in a part. */
  static FlashAttention of(Tensor q, Tensor k, Tensor v, List<AttentionPart> parts) {
    Tensor value = q.new_empty(Tensors.shape(q));
    Tensor logSums = q.new_empty(q.size(1), q.size(2), q.size(0));
    FlashAttention whole = new FlashAttention(value, logSums);
    for (AttentionPart part : parts) {
      try (TensorScope scope = new TensorScope()) {
        whole.take(part, q, k, v);
      }
    }
    return whole;
  }

  private void take(AttentionPart part, Tensor q, Tensor k, Tensor v) {
    IValueVector stack =
        new IValueVector(
            new IValue(queries(q, part)),
            new IValue(keys(k, part, q.size(2))),
            new IValue(keys(v, part, q.size(2))),
            new IValue(0.0),
            new IValue(part.causal()),
            part.mask() == null ? new IValue() : new IValue(part.mask()),
            new IValue());
    Operators.FORWARD.callBoxed(stack);
    Tensor found = new Tensor(stack.get(0).toTensor()); // (G, R, queries, D)
    Tensor foundSums = new Tensor(stack.get(1).toTensor()); // (G, R, queries)
    Tensor value = queries(this.value, part);
    Tensor sums = sums(part);
    if (part.more()) {
      Tensor both = sums.logaddexp(foundSums);
      value.mul_(share(sums, both)).addcmul_(found, share(foundSums, both));
      sums.copy_(both);
    } else {
      value.copy_(found);
      sums.copy_(foundSums);
    }
  }

  private static Tensor share(Tensor logSums, Tensor all) {
    return logSums.sub(all).exp_().unsqueeze(-1);
  }

  /**
   * Gradients of what this was made of.
   *
   * @param above gradient of {@link #value}
   */
  Gradients backward(Tensor above, Tensor q, Tensor k, Tensor v, List<AttentionPart> parts) {
    Gradients sums =
        new Gradients(
            q.new_zeros(Tensors.shape(q)),
            k.new_zeros(Tensors.shape(k)),
            v.new_zeros(Tensors.shape(v)));
    for (AttentionPart part : parts) {
      try (TensorScope scope = new TensorScope()) {
        add(sums, part, above, q, k, v);
      }
    }
    return sums;
  }

  private void add(
      Gradients sums, AttentionPart part, Tensor above, Tensor q, Tensor k, Tensor v) {
    IValueVector stack =
        new IValueVector(
            new IValue(queries(above, part)),
            new IValue(queries(q, part)),
            new IValue(keys(k, part, q.size(2))),
            new IValue(keys(v, part, q.size(2))),
            new IValue(queries(value, part)),
            new IValue(sums(part)),
            new IValue(0.0),
            new IValue(part.causal()),
            part.mask() == null ? new IValue() : new IValue(part.mask()),
            new IValue());
    Operators.BACKWARD.callBoxed(stack);
    queries(sums.q, part).add_(new Tensor(stack.get(0).toTensor()));
    keys(sums.k, part).add_(new Tensor(stack.get(1).toTensor()).sum(1)); // over a group's heads
    keys(sums.v, part).add_(new Tensor(stack.get(2).toTensor()).sum(1));
  }

  private Tensor sums(AttentionPart part) {
    return logSums.narrow(2, part.query(), part.queries());
  }

  /** (N, G, R, D) to (G, R, queries, D). */
  private static Tensor queries(Tensor all, AttentionPart part) {
    return all.narrow(0, part.query(), part.queries()).permute(1, 2, 0, 3);
  }

  /** (N, G, D) to (G, keys, D). */
  private static Tensor keys(Tensor all, AttentionPart part) {
    return all.narrow(0, part.key(), part.keys()).permute(1, 0, 2);
  }

  /** (N, G, D) to (G, R, keys, D), where a group's heads see the same memory. */
  private static Tensor keys(Tensor all, AttentionPart part, long heads) {
    return keys(all, part)
        .unsqueeze(1)
        .expand(all.size(1), heads, part.keys(), all.size(2));
  }
}
