package malt.torch.nn;

import java.util.ArrayList;
import java.util.List;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities of given ids and how each changes with the hidden state that predicts it: with
 * logits z = W h and p = softmax(z), log p(y) = z(y) - log sum exp(z) has the gradient W(y) - W' p.
 * So a chunk of logits is made once, for both, and no more of them than a chunk is ever there.
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
   * @param chunk positions whose logits are computed together
   * @param sloped whether slopes are asked for
   */
  static TargetLogProbs of(Tensor hidden, Tensor head, Tensor ids, long chunk, boolean sloped) {
    List<Tensor> values = new ArrayList<>();
    List<Tensor> slopes = new ArrayList<>();
    for (long from = 0; from < hidden.size(0); from += chunk) {
      try (TensorScope scope = new TensorScope()) {
        long count = Math.min(chunk, hidden.size(0) - from);
        TargetLogProbs part =
            part(hidden.narrow(0, from, count), head, ids.narrow(0, from, count), sloped);
        values.add(scope.handOn(part.values));
        if (part.slopes != null) {
          slopes.add(scope.handOn(part.slopes));
        }
      }
    }
    return new TargetLogProbs(joined(values), sloped ? joined(slopes) : null);
  }

  private static Tensor joined(List<Tensor> parts) {
    return Tensors.cat(0, parts.toArray(new Tensor[0]));
  }

  private static TargetLogProbs part(Tensor hidden, Tensor head, Tensor ids, boolean sloped) {
    ScalarType type = Tensors.type(hidden);
    ScalarType exact = type == ScalarType.Double ? type : ScalarType.Float;
    Tensor logits = FrozenProduct.forward(hidden, head).to(exact); // (m, V), from here on in place
    Tensor chosen = logits.gather(-1, ids.unsqueeze(-1)); // (m, 1)
    Tensor most = logits.amax(LAST, true); // (m, 1)
    Tensor powers = logits.sub_(most).exp_(); // (m, V)
    Tensor sum = powers.sum(LAST, true, new ScalarTypeOptional()); // (m, 1)
    Tensor values = chosen.sub_(most).sub_(sum.log()).squeeze(-1);
    if (!sloped) {
      return new TargetLogProbs(values, null);
    }
    Tensor mean = FrozenProduct.backward(powers.to(type), head).to(exact).div_(sum); // (m, C)
    Tensor own = torch.embedding(head, ids).to(exact);
    return new TargetLogProbs(values, own.sub_(mean).to(type));
  }
}
