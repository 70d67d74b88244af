package malt.torch.nn;

import java.util.List;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Attention by LibTorch's fused operation, a part at a time with all its heads: an accelerator's,
 * which would wait for {@link BlockAttention}'s many small operations. The backward is the
 * operation's own, after it was done again.
 *
 * @param parts which tokens see which
 * @param window how many keys a query sees, its own included; 0 for all
 * @param scale of the scores
 */
record FusedAttention(List<AttentionPart> parts, int window, double scale)
    implements PartAttention {
  @Override
  public Tensor forward(Tensor q, Tensor k, Tensor v) {
    Tensor value = q.new_empty(Tensors.shape(q));
    for (AttentionPart part : parts) {
      try (TensorScope scope = new TensorScope()) {
        own(value, part).copy_(attended(part, own(q, part), seen(k, part), seen(v, part)));
      }
    }
    return value;
  }

  @Override
  public Gradients backward(Tensor above, Tensor q, Tensor k, Tensor v) {
    Gradients sums = Gradients.of(q, k, v);
    for (AttentionPart part : parts) {
      try (TensorScope scope = new TensorScope()) {
        Tensor queries = leaf(own(q, part));
        Tensor keys = leaf(seen(k, part));
        Tensor values = leaf(seen(v, part));
        try (GradMode on = GradMode.on()) {
          attended(part, queries, keys, values).mul(own(above, part)).sum().backward();
        }
        own(sums.q(), part).copy_(queries.grad());
        scatter(keys.grad(), sums.k(), part);
        scatter(values.grad(), sums.v(), part);
      }
    }
    return sums;
  }

  private static Tensor leaf(Tensor tensor) {
    return tensor.detach().set_requires_grad(true);
  }

  /**
   * Of queries (T, G, R, D) and of keys and values (K, G, D) that the part sees; as the queries.
   */
  private Tensor attended(AttentionPart part, Tensor q, Tensor k, Tensor v) {
    long heads = q.size(1) * q.size(2);
    Tensor mask = mask(part, Tensors.beside(q), k.size(0));
    Tensor found =
        torch.scaled_dot_product_attention(
            q.reshape(q.size(0), heads, q.size(3)).transpose(0, 1).unsqueeze(0),
            perHead(k, heads),
            perHead(v, heads),
            mask == null ? new TensorOptional() : new TensorOptional(mask),
            0.0,
            mask == null,
            new DoubleOptional(scale),
            false); // (1, H, T, D)
    return found.select(0, 0).transpose(0, 1).reshape(Tensors.shape(q));
  }

  private static Tensor perHead(Tensor x, long heads) {
    return Attention.perHead(x.transpose(0, 1).unsqueeze(0), heads);
  }

  /** Which keys each query sees, (T, K); null where that is its own and all before. */
  private @Nullable Tensor mask(AttentionPart part, Tensors tensors, long keys) {
    if (part.before() == 0 && (window == 0 || keys <= window)) {
      return null;
    }
    Tensor own = tensors.range(keys).narrow(0, part.before(), part.count()).unsqueeze(1);
    Tensor distance = own.sub(tensors.range(keys).unsqueeze(0)); // (T, K)
    Tensor seen = distance.ge(Tensors.zero());
    return window == 0 ? seen : seen.logical_and(distance.lt(Tensors.scalar(window)));
  }

  /** The part's rows. */
  private static Tensor own(Tensor all, AttentionPart part) {
    return all.narrow(0, part.first(), part.count());
  }

  /** The rows that the part sees, its trunk's first. */
  private static Tensor seen(Tensor all, AttentionPart part) {
    return part.before() == 0
        ? own(all, part)
        : Tensors.cat(0, all.narrow(0, part.trunk(), part.before()), own(all, part));
  }

  private static void scatter(Tensor gradient, Tensor sums, AttentionPart part) {
    own(sums, part).add_(gradient.narrow(0, part.before(), part.count()));
    if (part.before() > 0) {
      sums.narrow(0, part.trunk(), part.before()).add_(gradient.narrow(0, 0, part.before()));
    }
  }
}
