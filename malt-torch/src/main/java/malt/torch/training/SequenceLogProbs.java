package malt.torch.training;

import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.AdaptedForward;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TargetLogProbs;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * log pi(y|x) of sequences: the only place in training that turns hidden states into
 * log-probabilities. The output head sees completion positions only, a block of the vocabulary at a
 * time, so logits of shape (B, T, V) never exist. A loss is differentiated by the
 * log-probabilities, and {@link #backward} carries that on to the adapter.
 *
 * @param tokens log-probability of each completion id in nats, (N), a leaf; row after row
 * @param targets what they are of
 * @param sums log pi(y|x) of each row, (B)
 * @param forward what they were made of
 * @param slopes how each log-probability changes with its hidden state, (N, C); null where the
 *     forward kept nothing
 */
record SequenceLogProbs(
    Tensor tokens,
    CompletionTargets targets,
    Tensor sums,
    AdaptedForward forward,
    @Nullable Tensor slopes) {
  private static final long LOGITS_AT_ONCE = 1 << 21; // 8 MB in 32 bits

  static SequenceLogProbs of(
      CausalLm model, LoraAdapter adapter, List<TokenSequence> rows, AdaptedForward.Keep keep) {
    return of(model, adapter, rows, keep, LOGITS_AT_ONCE);
  }

  /** As above, with at most as many logits at a time. */
  static SequenceLogProbs of(
      CausalLm model,
      LoraAdapter adapter,
      List<TokenSequence> rows,
      AdaptedForward.Keep keep,
      long logitsAtOnce) {
    boolean trained = keep != AdaptedForward.Keep.NOTHING;
    CompletionTargets targets = CompletionTargets.of(rows, model.tensors());
    AdaptedForward forward = model.adapted(targets.inputs(), targets.positions(), adapter, keep);
    TargetLogProbs found = model.logProbs(forward.hidden(), targets.ids(), logitsAtOnce, trained);
    Tensor tokens = found.values().set_requires_grad(trained);
    return new SequenceLogProbs(tokens, targets, targets.sums(tokens), forward, found.slopes());
  }

  /** The sum of each row's values, (B), of one value a token, (N). */
  Tensor sums(Tensor values) {
    return targets.sums(values);
  }

  /** Carries the gradient that {@link #tokens} has collected on to the adapter. */
  void backward() {
    if (slopes == null) {
      throw new IllegalStateException("this forward kept nothing for a backward");
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor above = tokens.grad().unsqueeze(1).to(Tensors.type(slopes));
      forward.backward(slopes.mul(above));
    }
  }
}
