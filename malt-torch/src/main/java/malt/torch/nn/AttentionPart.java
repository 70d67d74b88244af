package malt.torch.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Queries that stand one after the other, and keys that they see.
 *
 * @param query the first of {@code queries}, by its place among all tokens
 * @param key the first of {@code keys}
 * @param causal whether query i sees keys 0 to i only, instead of all
 * @param mask added to the scores, (queries, keys); null for none
 * @param more whether an earlier part has given these queries a share of their keys
 */
record AttentionPart(
    int query,
    int queries,
    int key,
    int keys,
    boolean causal,
    @Nullable Tensor mask,
    boolean more) {

  /**
   * What is to be computed for rows.
   *
   * @param window how many keys a query sees, its own included; 0 for all
   * @param type of the scores
   */
  static List<AttentionPart> of(TokenRows rows, int window, ScalarType type) {
    List<AttentionPart> parts = new ArrayList<>();
    int from = 0;
    for (int[] lengths : rows.rows()) {
      int count = Arrays.stream(lengths).sum();
      if (window > 0 && TokenRows.longest(lengths) > window) {
        Tensor mask = mask(lengths, count, window, type);
        parts.add(new AttentionPart(from, count, from, count, false, mask, false));
      } else if (count == TokenRows.longest(lengths)) { // one sequence
        parts.add(new AttentionPart(from, count, from, count, true, null, false));
      } else {
        branched(parts, from, lengths, count);
      }
      from += count;
    }
    return parts;
  }

  private static void branched(List<AttentionPart> parts, int from, int[] lengths, int count) {
    int trunk = lengths[0];
    int at = from + trunk;
    parts.add(new AttentionPart(from, trunk, from, trunk, true, null, false));
    parts.add(new AttentionPart(at, count - trunk, from, trunk, false, null, false));
    for (int branch = 1; branch < lengths.length; branch++) {
      if (lengths[branch] > 0) {
        parts.add(new AttentionPart(at, lengths[branch], at, lengths[branch], true, null, true));
        at += lengths[branch];
      }
    }
  }

  private static Tensor mask(int[] lengths, int count, int window, ScalarType type) {
    int[] branch = new int[count];
    int at = 0;
    for (int part = 0; part < lengths.length; part++) {
      Arrays.fill(branch, at, at += lengths[part], part);
    }
    long[] positions = new TokenRows(new long[count], List.of(lengths)).positions();
    float[] mask = new float[Math.multiplyExact(count, count)];
    for (int query = 0; query < count; query++) {
      for (int key = 0; key < count; key++) {
        boolean before = key <= query && (branch[key] == 0 || branch[key] == branch[query]);
        boolean near = positions[query] - positions[key] < window;
        mask[query * count + key] = before && near ? 0 : Float.NEGATIVE_INFINITY;
      }
    }
    return Tensors.ofFloats(mask, count, count).to(type);
  }
}
