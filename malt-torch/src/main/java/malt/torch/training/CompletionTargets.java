package malt.torch.training;

import java.util.List;
import malt.torch.nn.TokenRows;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The completion ids of a micro-batch as prediction targets, sequence after sequence.
 *
 * @param inputs of the forward whose hidden states predict them
 * @param positions place of the token whose hidden state predicts each target, int64 (N)
 * @param ids the targets, int64 (N)
 * @param owners the sequence of each, int64 (N)
 * @param sequences B
 */
record CompletionTargets(
    TokenRows inputs, Tensor positions, Tensor ids, Tensor owners, long sequences) {

  /**
   * @param place where they are to lie
   */
  static CompletionTargets of(List<TokenSequence> sequences, Tensors place) {
    List<SharedPrompt> shared = SharedPrompt.of(sequences);
    int[] firsts = new int[sequences.size()]; // of its targets
    for (int i = 1; i < firsts.length; i++) {
      firsts[i] = firsts[i - 1] + sequences.get(i - 1).completion().length;
    }
    int count = sequences.stream().mapToInt(each -> each.completion().length).sum();
    long[] positions = new long[count];
    long[] ids = new long[count];
    long[] owners = new long[count];
    int start = 0;
    for (SharedPrompt row : shared) {
      for (int i = 0; i < row.members().size(); i++) {
        int owner = row.members().get(i);
        int[] completion = row.completions().get(i);
        for (int t = 0; t < completion.length; t++) {
          positions[firsts[owner] + t] = (long) start + row.predicts(i, t);
          ids[firsts[owner] + t] = completion[t];
          owners[firsts[owner] + t] = owner;
        }
      }
      start += row.inputs();
    }
    return new CompletionTargets(
        SharedPrompt.rows(shared),
        place.ofLongs(positions, count),
        place.ofLongs(ids, count),
        place.ofLongs(owners, count),
        sequences.size());
  }

  /** The sum of each sequence's values, (B), of one value a target, (N). */
  Tensor sums(Tensor values) {
    return torch.zeros(new long[] {sequences}, values.options()).index_add(0, owners, values);
  }
}
