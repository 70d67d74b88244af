package malt.torch.decoding;

import java.util.List;
import malt.torch.weights.ModelConfig;
import org.bytedeco.pytorch.Tensor;

/**
 * The forward without gradients: tokens of any number of texts at once, without padding, each text
 * a path in a tree of keys and values. Equals {@link malt.torch.nn.CausalLm#forward} up to
 * rounding. Belongs to one thread, whose gradient mode is off.
 */
public interface Decoder extends AutoCloseable {
  /** The keys and values of everything that this decoder has read. */
  KeyValueStore store();

  /** The model's shape. */
  ModelConfig config();

  /**
   * Reads tokens: afterwards their nodes hold their keys and values.
   *
   * @throws malt.ModelException if a text is longer than the model's positions, or a token is none
   *     of its words
   */
  void read(List<Feed> feeds);

  /**
   * Reads tokens likewise, and returns the logits (F, V) that follow the last one of each feed;
   * they hold until the next call.
   */
  Tensor logits(List<Feed> feeds);

  /** What is done with some rows. */
  @FunctionalInterface
  interface RowWork {
    /** Works on rows {@code from} to {@code to - 1}, within a scope of its own. */
    void run(int from, int to);
  }

  /**
   * Divides rows of logits between as many threads as work on a forward, which take so many at once
   * as suits the device.
   */
  void eachShare(int rows, RowWork work);

  @Override
  void close();
}
