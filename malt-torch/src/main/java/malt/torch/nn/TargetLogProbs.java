package malt.torch.nn;

import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of given ids and how each changes with the hidden state that predicts it: with
 * logits z = W h and p = softmax(z), log p(y) = z(y) - log sum exp(z) has the gradient W(y) - W' p.
 * Both come of one walk over the vocabulary, a block of it at a time, whose sums are kept relative
 * to the largest logit so far (Milakov and Gimelshein 2018).
 *
 * @param values (M), float32, or float64 where the hidden states are
 * @param slopes (M, C), of the hidden states' type; null where not asked for
 */
public record TargetLogProbs(Tensor values, @Nullable Tensor slopes) {
  private static final long[] LAST = {-1};

  /**
   * @param hidden (M, C)
   * @param head (V, C)
   * @param ids int64 (M)
   * @param block words of the vocabulary whose logits are there together
   * @param sloped whether slopes are asked for
   */
  static TargetLogProbs of(Tensor hidden, Tensor head, Tensor ids, long block, boolean sloped) {
    Tensor multiplied = hidden.to(FrozenProduct.computing(hidden));
    Walk walk = new Walk(multiplied, ids, sloped);
    for (long from = 0; from < head.size(0); from += block) {
      try (TensorScope scope = new TensorScope()) {
        long count = Math.min(block, head.size(0) - from);
        walk.pass(head.narrow(0, from, count).to(Tensors.type(multiplied)), from);
      }
    }
    return walk.result(head, Tensors.type(hidden));
  }

  /** What is known of all positions after some of the vocabulary; tensors are changed in place. */
  private static final class Walk {
    private final Tensor hidden; // (M, C)
    private final Tensor ids; // (M, 1)
    private final boolean sloped;
    private final ScalarType exact;
    private final Tensor chosen; // the ids' logits, (M, 1)
    private final Tensor most; // the largest logit, (M, 1)
    private final Tensor sum; // of exp(logit - most), (M, 1)
    private final Tensor weighed; // the sum of exp(logit - most) W, (M, C)

    Walk(Tensor hidden, Tensor ids, boolean sloped) {
      this.hidden = hidden;
      this.ids = ids.unsqueeze(-1);
      this.sloped = sloped;
      exact = Tensors.type(hidden) == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
      Tensors beside = Tensors.beside(hidden);
      chosen = beside.filled(0, exact, ids.size(0), 1);
      most = beside.filled(Double.NEGATIVE_INFINITY, exact, ids.size(0), 1);
      sum = beside.filled(0, exact, ids.size(0), 1);
      weighed = beside.filled(0, exact, sloped ? Tensors.shape(hidden) : new long[] {0});
    }

    /** Takes in the words (n, C) from a number on. */
    void pass(Tensor words, long from) {
      Tensor logits = FrozenProduct.product(hidden, words).to(exact); // (M, n)
      Tensor places = ids.sub(new Scalar(from));
      Tensor inside = places.ge(Tensors.zero()).logical_and(places.lt(new Scalar(words.size(0))));
      Tensor own = logits.gather(-1, places.mul(inside));
      chosen.copy_(torch.where(inside, own, chosen));
      Tensor larger = most.maximum(logits.amax(LAST, true));
      Tensor kept = most.sub(larger).exp_(); // what earlier sums shrink by
      Tensor powers = logits.sub_(larger).exp_();
      sum.mul_(kept).add_(powers.sum(LAST, true, new ScalarTypeOptional()));
      if (sloped) {
        Tensor more = FrozenProduct.product(powers.to(Tensors.type(hidden)), words.t());
        weighed.mul_(kept).add_(more);
      }
      most.copy_(larger);
    }

    TargetLogProbs result(Tensor head, ScalarType type) {
      Tensor values = chosen.sub(most).sub_(sum.log()).squeeze(-1);
      if (!sloped) {
        return new TargetLogProbs(values, null);
      }
      Tensor words = torch.embedding(head, ids.squeeze(-1)).to(exact); // (M, C)
      return new TargetLogProbs(values, words.sub(weighed.div_(sum)).to(type));
    }
  }
}
