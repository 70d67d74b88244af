package malt.torch.decoding;

import java.util.Arrays;
import java.util.List;
import malt.ModelException;
import malt.torch.weights.ModelConfig;

/**
 * Tokens that a forward appends to a node.
 *
 * @param node grows by them; its ancestors do not grow any more
 * @param tokens (T), T > 0
 */
public record Feed(KeyValueNode node, int[] tokens) {
  /**
   * All tokens, feed after feed.
   *
   * @throws ModelException if the model has no place or no word for one
   */
  static int[] ids(List<Feed> feeds, ModelConfig config) {
    for (Feed feed : feeds) {
      int end = feed.node().end() + feed.tokens().length;
      if (end > config.maxPositions()) {
        throw new ModelException(
            "a sequence of %d tokens exceeds the model's %d positions"
                .formatted(end, config.maxPositions()),
            false);
      }
    }
    int[] ids = feeds.stream().flatMapToInt(f -> Arrays.stream(f.tokens())).toArray();
    for (int id : ids) {
      config.requireWord(id);
    }
    return ids;
  }

  /** The place of each feed's last token among all. */
  static int[] last(List<Feed> feeds) {
    int[] rows = new int[feeds.size()];
    int end = 0;
    for (int i = 0; i < rows.length; i++) {
      end += feeds.get(i).tokens().length;
      rows[i] = end - 1;
    }
    return rows;
  }
}
