package malt.kernel;

/**
 * Attention of some queries to one block of keys and values, in 32 bits. Blocks may come in any
 * number: {@link Queries} holds what has been gathered so far (online softmax, Milakov and
 * Gimelshein 2018).
 */
public abstract class AttentionKernel {
  /** Keys of a block, a multiple of the numbers that the processor computes at once. */
  public abstract int blockKeys();

  /** The size of a head with its padding, in numbers. */
  public final int padded(int headSize) {
    int unit = unit();
    return (headSize + unit - 1) / unit * unit;
  }

  /** Numbers that the processor computes at once. */
  abstract int unit();

  /** Numbers of bfloat16 that are widened together: two in each word of a vector. */
  public final int narrowUnit() {
    return 2 * unit();
  }

  /**
   * Where a number is in memory of bfloat16, so that {@link #widen} needs no shuffle: of each
   * {@link #narrowUnit}, the first half is in the lower halves of the words.
   */
  public final int narrow(int place) {
    int unit = unit();
    int within = place % (2 * unit);
    return place - within + 2 * (within % unit) + within / unit;
  }

  /**
   * Widens numbers of bfloat16, which lie as {@link #narrow} says, to 32 bits.
   *
   * @param words two numbers each
   * @param count of words, a multiple of {@link #unit}
   * @param into where the numbers are written, in order
   * @param at place of the first one
   */
  public abstract void widen(int[] words, int count, float[] into, int at);

  /** The fastest kernel here: by the Vector API where the JVM was started with its module. */
  public static AttentionKernel best() {
    return vectorised() ? new VectorKernel() : new PlainKernel();
  }

  /** Whether the JVM was started with {@code --add-modules jdk.incubator.vector}. */
  public static boolean vectorised() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /**
   * Keys and values of one group of heads, as they lie in memory: keys transposed, (padded head
   * size, {@link #blockKeys}), then values ({@link #blockKeys}, padded head size).
   *
   * @param numbers of both
   * @param origin position in its sequence of the first key; below 0 where the block begins before
   * @param from first key of the block that counts
   * @param to one more than the last
   */
  public record Block(float[] numbers, int origin, int from, int to) {}

  /** Lets rows {@code first} to {@code last - 1} of the queries look at a block. */
  public final void attend(Queries queries, int first, int last, Block block) {
    int depth = queries.depth();
    int width = blockKeys();
    float[] scores = queries.scores();
    multiply(
        new Operand(queries.numbers(), first * depth, depth),
        last - first,
        depth,
        new Operand(block.numbers(), 0, width),
        width,
        new Operand(scores, first * width, width),
        false);
    for (int row = first; row < last; row++) {
      int position = queries.position(row) - block.origin();
      int from = Math.max(block.from(), position - queries.window() + 1);
      int to = Math.min(block.to(), position + 1);
      int at = row * width;
      for (int key = 0; key < Math.min(from, width); key++) {
        scores[at + key] = Float.NEGATIVE_INFINITY;
      }
      for (int key = Math.max(to, 0); key < width; key++) {
        scores[at + key] = Float.NEGATIVE_INFINITY;
      }
      if (from >= to) {
        java.util.Arrays.fill(scores, at, at + width, 0); // no weight on anything
      } else {
        weigh(queries, row);
      }
    }
    multiply(
        new Operand(scores, first * width + block.from(), width),
        last - first,
        block.to() - block.from(),
        new Operand(block.numbers(), (width + block.from()) * depth, depth),
        depth,
        new Operand(queries.sums(), first * depth, depth),
        true);
  }

  /**
   * Turns the scores of a row into weights, e to the score less the largest so far, and scales what
   * the row has gathered by the change of that.
   */
  abstract void weigh(Queries queries, int row);

  /** A matrix within an array: row r begins at {@code offset + r * stride}. */
  record Operand(float[] numbers, int offset, int stride) {}

  /**
   * c = a b, or c + a b.
   *
   * @param a (rows, inner)
   * @param b (inner, columns); columns are a multiple of {@link #unit}
   * @param c (rows, columns)
   * @param added whether the product is added to what c holds
   */
  abstract void multiply(
      Operand a, int rows, int inner, Operand b, int columns, Operand c, boolean added);
}
