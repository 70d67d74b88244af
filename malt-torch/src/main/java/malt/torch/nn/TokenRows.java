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
    int longest = 0;
    for (int[] lengths : rows) {
      longest = Math.max(longest, lengths[0]);
      for (int part = 1; part < lengths.length; part++) {
        longest = Math.max(longest, lengths[0] + lengths[part]);
      }
    }
    return longest;
  }
}
