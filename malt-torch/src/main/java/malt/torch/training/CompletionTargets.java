package malt.torch.training;

import java.util.List;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The completion ids of a micro-batch as prediction targets, row after row.
 *
 * @param inputs of the forward whose hidden states predict them
 * @param positions flat place of the hidden state that predicts each target, int64 (N)
 * @param ids the targets, int64 (N)
 * @param owners the row of each, int64 (N)
 * @param rows B
 */
record CompletionTargets(
    CausalLm.Branches inputs, Tensor positions, Tensor ids, Tensor owners, long rows) {

  static CompletionTargets of(List<TokenSequence> rows) {
    List<SharedPrompt> shared = SharedPrompt.of(rows);
    CausalLm.Branches inputs = SharedPrompt.branches(shared);
    int length = Math.toIntExact(inputs.tokens().size(1));
    int count = rows.stream().mapToInt(row -> row.completion().length).sum();
    long[] positions = new long[count];
    long[] ids = new long[count];
    long[] owners = new long[count];
    int n = 0;
    int owner = 0;
    for (int b = 0; b < shared.size(); b++) {
      SharedPrompt row = shared.get(b);
      for (int i = 0; i < row.completions().size(); i++, owner++) {
        int[] completion = row.completions().get(i);
        for (int t = 0; t < completion.length; t++) {
          positions[n] = (long) b * length + row.predicts(i, t);
          ids[n] = completion[t];
          owners[n++] = owner;
        }
      }
    }
    return new CompletionTargets(
        inputs,
        Tensors.ofLongs(positions, count),
        Tensors.ofLongs(ids, count),
        Tensors.ofLongs(owners, count),
        rows.size());
  }

  long count() {
    return ids.size(0);
  }

  /** The hidden states (N, C) that predict the targets, of all (B', T, C). */
  Tensor wanted(Tensor hidden) {
    return hidden.view(-1, hidden.size(2)).index_select(0, positions);
  }

  /** The sum of each row's values, (B), of one value a target, (N). */
  Tensor sums(Tensor values) {
    return torch.zeros(new long[] {rows}, values.options()).index_add(0, owners, values);
  }
}
