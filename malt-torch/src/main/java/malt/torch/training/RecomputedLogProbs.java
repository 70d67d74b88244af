package malt.torch.training;

import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.RecomputedForward;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * {@link SequenceLogProbs} in the memory of one layer and one chunk of logits: both are computed
 * again in the backward. The loss is differentiated by the log-probabilities first, and these by
 * the adapter then.
 */
final class RecomputedLogProbs {
  private final CausalLm model;
  private final CompletionTargets targets;
  private final RecomputedForward forward;
  private final Tensor tokens; // (N), a leaf

  private RecomputedLogProbs(
      CausalLm model, CompletionTargets targets, RecomputedForward forward, Tensor tokens) {
    this.model = model;
    this.targets = targets;
    this.forward = forward;
    this.tokens = tokens;
  }

  static RecomputedLogProbs of(CausalLm model, LoraAdapter adapter, List<TokenSequence> rows) {
    CompletionTargets targets = CompletionTargets.of(rows);
    RecomputedForward forward = model.recomputed(targets.inputs(), adapter);
    try (GradMode off = GradMode.off()) {
      Tensor wanted = targets.wanted(forward.hidden());
      Tensor tokens = torch.zeros(new long[] {targets.count()}, wanted.options());
      long chunk = SequenceLogProbs.chunk(model, SequenceLogProbs.LOGITS_AT_ONCE);
      for (long from = 0; from < targets.count(); from += chunk) {
        fill(model, tokens, wanted, targets.ids(), from, chunk);
      }
      return new RecomputedLogProbs(model, targets, forward, tokens.requires_grad_(true));
    }
  }

  private static void fill(
      CausalLm model, Tensor tokens, Tensor wanted, Tensor ids, long from, long chunk) {
    try (TensorScope scope = new TensorScope()) {
      Tensor part = SequenceLogProbs.part(model, wanted, ids, from, chunk);
      tokens.narrow(0, from, part.size(0)).copy_(part);
    }
  }

  /** What a loss is computed of. */
  SequenceLogProbs values() {
    return SequenceLogProbs.of(targets, tokens);
  }

  /** Carries the gradient that {@link #values} have collected on to the adapter. */
  void backward() {
    Tensor gradient = tokens.grad(); // (N)
    long chunk = SequenceLogProbs.chunk(model, SequenceLogProbs.LOGITS_AT_ONCE);
    for (long from = 0; from < targets.count(); from += chunk) {
      try (TensorScope scope = new TensorScope()) {
        Tensor wanted = targets.wanted(forward.hidden());
        Tensor part = SequenceLogProbs.part(model, wanted, targets.ids(), from, chunk);
        part.backward(
            gradient.narrow(0, from, part.size(0)),
            new BoolOptional(false),
            false,
            new TensorArrayRefOptional());
      }
    }
    forward.backward();
  }
}
