package malt.torch.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * Tokens that see those of a trunk, and among themselves each its own and those before it.
 *
 * @param trunk the trunk's first token, by its place among all
 * @param before tokens of the trunk; 0 where the part is a trunk itself
 * @param first of {@code count} tokens, by its place
 */
record AttentionPart(int trunk, int before, int first, int count) {

  /** The parts of rows; a branch without tokens is none, and a lone branch goes with its trunk. */
  static List<AttentionPart> of(TokenRows rows) {
    List<AttentionPart> parts = new ArrayList<>();
    int trunk = 0;
    for (int[] lengths : rows.rows()) {
      int alone = lengths.length == 2 ? lengths[0] + lengths[1] : lengths[0];
      parts.add(new AttentionPart(trunk, 0, trunk, alone));
      int at = trunk + alone;
      for (int branch = 1; branch < lengths.length && lengths.length > 2; branch++) {
        if (lengths[branch] > 0) {
          parts.add(new AttentionPart(trunk, lengths[0], at, lengths[branch]));
          at += lengths[branch];
        }
      }
      trunk = at;
    }
    return parts;
  }
}
