package malt.torch.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.Tensors;

/**
 * Completions of one prompt, laid out behind it one after the other. The prompt enters a forward
 * once for all of them, and no completion sees another.
 *
 * @param prompt (P)
 * @param completions at least one
 */
record SharedPrompt(int[] prompt, List<int[]> completions) {

  /** Rows as they come, neighbours with the same prompt together. */
  static List<SharedPrompt> of(List<TokenSequence> rows) {
    List<SharedPrompt> shared = new ArrayList<>();
    for (TokenSequence row : rows) {
      SharedPrompt last = shared.isEmpty() ? null : shared.get(shared.size() - 1);
      if (last != null && Arrays.equals(last.prompt, row.prompt())) {
        last.completions.add(row.completion());
      } else {
        List<int[]> completions = new ArrayList<>();
        completions.add(row.completion());
        shared.add(new SharedPrompt(row.prompt(), completions));
      }
    }
    return shared;
  }

  /** Ids that enter a forward: of each completion all but the last, which is only predicted. */
  int inputs() {
    return prompt.length + completions.stream().mapToInt(ids -> ids.length - 1).sum();
  }

  /** Where in the row the inputs of completion {@code i} begin. */
  private int start(int i) {
    int start = prompt.length;
    for (int[] before : completions.subList(0, i)) {
      start += before.length - 1;
    }
    return start;
  }

  /** Place in the row whose hidden state predicts id {@code t} of completion {@code i}. */
  int predicts(int i, int t) {
    return t == 0 ? prompt.length - 1 : start(i) + t - 1;
  }

  /** Rows of a forward, right-padded. */
  static CausalLm.Branches branches(List<SharedPrompt> rows) {
    int length = rows.stream().mapToInt(SharedPrompt::inputs).max().orElseThrow();
    long[] ids = new long[rows.size() * length];
    long[] positions = new long[ids.length];
    long[] branches = new long[ids.length]; // 0 is the trunk, -1 padding
    Arrays.fill(branches, -1);
    boolean branched = false;
    for (int b = 0; b < rows.size(); b++) {
      SharedPrompt row = rows.get(b);
      int at = b * length;
      for (int t = 0; t < row.prompt.length; t++, at++) {
        ids[at] = row.prompt[t];
        positions[at] = t;
        branches[at] = 0;
      }
      for (int i = 0; i < row.completions.size(); i++) {
        int[] completion = row.completions.get(i);
        for (int t = 0; t < completion.length - 1; t++, at++) {
          ids[at] = completion[t];
          positions[at] = (long) row.prompt.length + t;
          branches[at] = 1L + i;
        }
      }
      branched |= row.completions.size() > 1;
    }
    long[] shape = {rows.size(), length};
    return new CausalLm.Branches(
        Tensors.ofLongs(ids, shape),
        branched ? Tensors.ofLongs(positions, shape) : null,
        branched ? Tensors.ofLongs(branches, shape) : null);
  }
}
