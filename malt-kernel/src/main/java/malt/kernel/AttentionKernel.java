package malt.kernel;

/**
 * Attention of some queries to one block of keys and values, in 32 bits. Blocks may come in any
 * number: {@link Queries} holds what has been gathered so far (online softmax, Milakov and
 * Gimelshein 2018).
 */
public abstract class AttentionKernel {
  /** Keys of a block, a multiple of the numbers that the processor computes at once. */
  public abstract int blockKeys();

  /**
   * The size of a head with its padding, in numbers.
   *
   * @param narrow whether keys and values are held in bfloat16
   */
  public final int padded(int headSize, boolean narrow) {
    int unit = narrow ? narrowUnit() : unit();
    return (headSize + unit - 1) / unit * unit;
  }

  /** Numbers that the processor computes at once. */
  abstract int unit();

  /** Numbers of bfloat16 that are widened together: two in each word of a vector. */
  public final int narrowUnit() {
    return 2 * unit();
  }

  /**
   * Where a number is in memory of bfloat16, so that it is widened without a shuffle: of each
   * {@link #narrowUnit}, the first half is in the lower halves of the words.
   */
  public final int narrow(int place) {
    int unit = unit();
    int within = place % (2 * unit);
    return place - within + 2 * (within % unit) + within / unit;
  }

  /** The fastest kernel here: by the Vector API where the JVM was started with its module. */
  public static AttentionKernel best() {
    return vectorised() ? new VectorKernel() : new PlainKernel();
  }

  /** Whether the JVM was started with {@code --add-modules jdk.incubator.vector}. */
  public static boolean vectorised() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** Numbers in a type of memory. */
  public sealed interface Numbers permits Wide, Narrow {}

  /** In 32 bits. */
  public record Wide(float[] numbers) implements Numbers {}

  /** In bfloat16, two in a word, as {@link #narrow} says. */
  public record Narrow(int[] words) implements Numbers {}

  /**
   * Keys and values of one group of heads, as they lie in memory: keys transposed, (padded head
   * size, {@link #blockKeys}), then values ({@link #blockKeys}, padded head size).
   *
   * @param numbers of both
   * @param origin position in its sequence of the first key; below 0 where the block begins before
   * @param from first key of the block that counts
   * @param to one more than the last
   */
  public record Block(Numbers numbers, int origin, int from, int to) {}

  /** Lets rows {@code first} to {@code last - 1} of the queries look at a block. */
  public final void attend(Queries queries, int first, int last, Block block) {
    int depth = queries.depth();
    int width = blockKeys();
    float[] scores = queries.scores();
    Product ofKeys = new Product(last - first, depth, width, false);
    multiply(
        ofKeys,
        new Operand(queries.numbers(), first * depth, depth),
        block.numbers(),
        new Place(0, width),
        new Operand(scores, first * width, width));
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
    Product ofValues = new Product(last - first, block.to() - block.from(), depth, true);
    multiply(
        ofValues,
        new Operand(scores, first * width + block.from(), width),
        block.numbers(),
        new Place((width + block.from()) * depth, depth),
        new Operand(queries.sums(), first * depth, depth));
  }

  private void multiply(Product product, Operand a, Numbers b, Place place, Operand c) {
    if (b instanceof Wide wide) {
      multiply(product, a, new Operand(wide.numbers(), place.offset(), place.stride()), c);
    } else if (b instanceof Narrow narrow) {
      multiply(product, a, narrow.words(), place, c);
    }
  }

  /**
   * Turns the scores of a row into weights, e to the score less the largest so far, and scales what
   * the row has gathered by the change of that.
   */
  abstract void weigh(Queries queries, int row);

  /** Where a matrix is: row r begins at {@code offset + r * stride}. */
  record Place(int offset, int stride) {}

  /** A matrix within an array, likewise. */
  record Operand(float[] numbers, int offset, int stride) {}

  /**
   * c = a b, or c + a b.
   *
   * @param rows of a and c
   * @param inner columns of a, rows of b
   * @param columns of b and c, a multiple of {@link #unit}
   * @param added whether the product is added to what c holds
   */
  record Product(int rows, int inner, int columns, boolean added) {}

  abstract void multiply(Product product, Operand a, Operand b, Operand c);

  /**
   * The same with b in bfloat16, and columns a multiple of {@link #narrowUnit}.
   *
   * @param words two numbers each
   * @param b its place, counted in numbers
   */
  abstract void multiply(Product product, Operand a, int[] words, Place b, Operand c);
}
