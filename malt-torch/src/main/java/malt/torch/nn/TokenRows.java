package malt.torch.nn;

import java.util.List;

/**
 * Token sequences one after the other, without padding. A row is a trunk and branches that follow
 * it: a branch sees the trunk and itself, and its positions go on where the trunk ends.
 *
 * @param ids of all rows, (N)
 * @param rows of each the lengths of its trunk and its branches
 */
public record TokenRows(long[] ids, List<int[]> rows) {
  /** The position of each token in its own sequence, (N). */
  long[] positions() {
    long[] positions = new long[ids.length];
    int at = 0;
    for (int[] lengths : rows) {
      for (int part = 0; part < lengths.length; part++) {
        for (int t = 0; t < lengths[part]; t++) {
          positions[at++] = part == 0 ? t : lengths[0] + t;
        }
      }
    }
    return positions;
  }

  /** Tokens of the longest sequence. */
  int longest() {
    return rows.stream().mapToInt(TokenRows::longest).max().orElse(0);
  }

  /** Tokens of a row's longest sequence. */
  static int longest(int[] lengths) {
    int branch = 0;
    for (int part = 1; part < lengths.length; part++) {
      branch = Math.max(branch, lengths[part]);
    }
    return lengths[0] + branch;
  }
}
