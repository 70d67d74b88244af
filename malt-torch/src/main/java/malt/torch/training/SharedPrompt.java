package malt.torch.training;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.torch.nn.TokenRows;

/**
 * Completions of one prompt, laid out behind it one after the other. The prompt enters a forward
 * once for all of them, and no completion sees another.
 *
 * @param prompt (P)
 * @param members numbers of the sequences, at least one
 * @param completions of each
 */
record SharedPrompt(int[] prompt, List<Integer> members, List<int[]> completions) {

  /** Sequences with the same prompt together, in the order of the first of each. */
  static List<SharedPrompt> of(List<TokenSequence> sequences) {
    Map<IntBuffer, SharedPrompt> shared = new LinkedHashMap<>();
    for (int i = 0; i < sequences.size(); i++) {
      TokenSequence each = sequences.get(i);
      SharedPrompt row =
          shared.computeIfAbsent(
              IntBuffer.wrap(each.prompt()),
              ids -> new SharedPrompt(each.prompt(), new ArrayList<>(), new ArrayList<>()));
      row.members.add(i);
      row.completions.add(each.completion());
    }
    return List.copyOf(shared.values());
  }

  /** Ids that enter a forward of so many sequences. */
  static int inputs(List<TokenSequence> sequences) {
    return of(sequences).stream().mapToInt(SharedPrompt::inputs).sum();
  }

  /** Ids that enter a forward: of each completion all but the last, which is only predicted. */
  int inputs() {
    return prompt.length + completions.stream().mapToInt(ids -> ids.length - 1).sum();
  }

  /** Place in the row whose hidden state predicts id {@code t} of completion {@code i}. */
  int predicts(int i, int t) {
    return t == 0 ? prompt.length - 1 : start(i) + t - 1;
  }

  /** Where in the row the inputs of completion {@code i} begin. */
  private int start(int i) {
    int start = prompt.length;
    for (int[] before : completions.subList(0, i)) {
      start += before.length - 1;
    }
    return start;
  }

  /** What enters a forward. */
  static TokenRows rows(List<SharedPrompt> all) {
    long[] ids = new long[all.stream().mapToInt(SharedPrompt::inputs).sum()];
    List<int[]> lengths = new ArrayList<>();
    int at = 0;
    for (SharedPrompt row : all) {
      int[] parts = new int[1 + row.completions.size()];
      parts[0] = row.prompt.length;
      for (int id : row.prompt) {
        ids[at++] = id;
      }
      for (int i = 0; i < row.completions.size(); i++) {
        int[] completion = row.completions.get(i);
        parts[1 + i] = completion.length - 1;
        for (int t = 0; t < completion.length - 1; t++) {
          ids[at++] = completion[t];
        }
      }
      lengths.add(parts);
    }
    return new TokenRows(ids, lengths);
  }
}
