package malt.torch.nn;

import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Causal attention of parts, forward and backward. Queries are (N, G, R, D), keys and values (N, G,
 * D), for G groups of R heads.
 */
interface PartAttention {
  /** Of queries, keys and values; in their shapes. */
  record Gradients(Tensor q, Tensor k, Tensor v) {
    /** Where they are gathered: each query is of one part, keys and values may be of several. */
    static Gradients of(Tensor q, Tensor k, Tensor v) {
      return new Gradients(
          q.new_empty(Tensors.shape(q)),
          k.new_zeros(Tensors.shape(k)),
          v.new_zeros(Tensors.shape(v)));
    }
  }

  /** softmax(scale q k') v, (N, G, R, D). */
  Tensor forward(Tensor q, Tensor k, Tensor v);

  /**
   * Gradients of what {@link #forward} was given.
   *
   * @param above gradient of its result
   */
  Gradients backward(Tensor above, Tensor q, Tensor k, Tensor v);
}
