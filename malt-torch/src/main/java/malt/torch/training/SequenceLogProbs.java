package malt.torch.training;

import java.util.ArrayList;
import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.LogProbs;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * log pi(y|x) of sequences: the only place in training that turns hidden states into
 * log-probabilities. The output head sees completion positions only, a chunk of them at a time, so
 * logits of shape (B, T, V) never exist.
 *
 * @param tokens log-probability of each completion id in nats, (N); row after row
 * @param sums log pi(y|x) of each row, (B)
 */
record SequenceLogProbs(Tensor tokens, Tensor sums) {
  private static final int LOGITS_AT_ONCE = 1 << 24;

  /** Records gradients if the thread's gradient mode is on. */
  static SequenceLogProbs of(CausalLm model, LoraAdapter adapter, List<TokenSequence> rows) {
    return of(model, adapter, rows, LOGITS_AT_ONCE);
  }

  /** As {@link #of(CausalLm, LoraAdapter, List)}, with logits in chunks of at most as many. */
  static SequenceLogProbs of(
      CausalLm model, LoraAdapter adapter, List<TokenSequence> rows, int logitsAtOnce) {
    List<SharedPrompt> shared = SharedPrompt.of(rows);
    CausalLm.Branches inputs = SharedPrompt.branches(shared);
    int length = Math.toIntExact(inputs.tokens().size(1));
    int count = rows.stream().mapToInt(row -> row.completion().length).sum();
    long[] positions = new long[count]; // flat position whose hidden state predicts the target
    long[] targets = new long[count];
    long[] owners = new long[count]; // the row
    int n = 0;
    int owner = 0;
    for (int b = 0; b < shared.size(); b++) {
      SharedPrompt row = shared.get(b);
      for (int i = 0; i < row.completions().size(); i++, owner++) {
        int[] completion = row.completions().get(i);
        for (int t = 0; t < completion.length; t++) {
          positions[n] = (long) b * length + row.predicts(i, t);
          targets[n] = completion[t];
          owners[n++] = owner;
        }
      }
    }
    Tensor hidden = model.forward(inputs, adapter);
    Tensor wanted = // (N, C)
        hidden.view(-1, hidden.size(2)).index_select(0, Tensors.ofLongs(positions, count));
    Tensor tokens = gathered(model, wanted, Tensors.ofLongs(targets, count), logitsAtOnce);
    Tensor sums =
        torch
            .zeros(new long[] {rows.size()}, tokens.options())
            .index_add(0, Tensors.ofLongs(owners, count), tokens);
    return new SequenceLogProbs(tokens, sums);
  }

  /** hidden (N, C) and targets (N) to log-probabilities (N). */
  private static Tensor gathered(CausalLm model, Tensor hidden, Tensor targets, int logitsAtOnce) {
    long count = hidden.size(0);
    long chunk = Math.max(1, logitsAtOnce / model.config().vocabularySize());
    List<Tensor> parts = new ArrayList<>();
    for (long from = 0; from < count; from += chunk) {
      long size = Math.min(chunk, count - from);
      Tensor logits = model.logits(hidden.narrow(0, from, size)); // (n, V)
      parts.add(LogProbs.of(logits, targets.narrow(0, from, size)));
    }
    return parts.size() == 1 ? parts.get(0) : Tensors.cat(0, parts.toArray(new Tensor[0]));
  }
}
