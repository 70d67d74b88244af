package malt.torch.training;

import java.util.ArrayList;
import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.LogProbs;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * log pi(y|x) of sequences: the only place in training that turns hidden states into
 * log-probabilities. The output head sees completion positions only, a chunk of them at a time, so
 * logits of shape (B, T, V) never exist.
 *
 * @param tokens log-probability of each completion id in nats, (N); row after row
 * @param sums log pi(y|x) of each row, (B)
 */
record SequenceLogProbs(Tensor tokens, Tensor sums) {
  static final int LOGITS_AT_ONCE = 1 << 24;

  /** Records gradients if the thread's gradient mode is on. */
  static SequenceLogProbs of(CausalLm model, LoraAdapter adapter, List<TokenSequence> rows) {
    return of(model, adapter, rows, LOGITS_AT_ONCE);
  }

  /** As {@link #of(CausalLm, LoraAdapter, List)}, with logits in chunks of at most as many. */
  static SequenceLogProbs of(
      CausalLm model, LoraAdapter adapter, List<TokenSequence> rows, int logitsAtOnce) {
    CompletionTargets targets = CompletionTargets.of(rows);
    Tensor wanted = targets.wanted(model.forward(targets.inputs(), adapter)); // (N, C)
    long chunk = chunk(model, logitsAtOnce);
    List<Tensor> parts = new ArrayList<>();
    for (long from = 0; from < targets.count(); from += chunk) {
      parts.add(part(model, wanted, targets.ids(), from, chunk));
    }
    return of(
        targets, parts.size() == 1 ? parts.get(0) : Tensors.cat(0, parts.toArray(new Tensor[0])));
  }

  static SequenceLogProbs of(CompletionTargets targets, Tensor tokens) {
    return new SequenceLogProbs(tokens, targets.sums(tokens));
  }

  /** Positions whose logits are computed together. */
  static long chunk(CausalLm model, int logitsAtOnce) {
    return Math.max(1, logitsAtOnce / model.config().vocabularySize());
  }

  /** Log-probabilities (n) of at most {@code chunk} targets (N) by their hidden states (N, C). */
  static Tensor part(CausalLm model, Tensor hidden, Tensor targets, long from, long chunk) {
    long size = Math.min(chunk, hidden.size(0) - from);
    Tensor logits = model.logits(hidden.narrow(0, from, size)); // (n, V)
    return LogProbs.of(logits, targets.narrow(0, from, size));
  }
}
