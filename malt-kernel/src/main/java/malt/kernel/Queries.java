package malt.kernel;

import java.util.Arrays;

/**
 * Queries of one group of heads and what each has gathered so far: its largest score, the sum of
 * its weights and the weighted sum of values. Belongs to one thread; used again and again.
 */
public final class Queries {
  private final int depth; // of a row, padding included
  private int window;
  private final float[] numbers; // (rows, depth), scaled
  private final float[] sums; // (rows, depth)
  private final float[] scores; // (rows, keys of a block)
  private final float[] largest; // (rows)
  private final float[] weights; // (rows)
  private final int[] positions; // (rows)

  /**
   * @param rows most queries at a time
   * @param depth of a head, padding included
   */
  public Queries(AttentionKernel kernel, int rows, int depth) {
    this.depth = depth;
    numbers = new float[rows * depth];
    sums = new float[rows * depth];
    scores = new float[rows * kernel.blockKeys()];
    largest = new float[rows];
    weights = new float[rows];
    positions = new int[rows];
  }

  /**
   * Forgets what the first {@code rows} have gathered.
   *
   * @param window most keys that a query sees from now on, its own included
   */
  public void begin(int rows, int window) {
    this.window = window;
    Arrays.fill(sums, 0, rows * depth, 0);
    Arrays.fill(largest, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(weights, 0, rows, 0);
  }

  /** Where the query of a row is written; its padding stays 0. */
  public int offset(int row) {
    return row * depth;
  }

  /** The queries, (rows, depth): scaled by whoever writes them. */
  public float[] numbers() {
    return numbers;
  }

  /** Says which keys a row sees: those at its position and before. */
  public void place(int row, int position) {
    positions[row] = position;
  }

  /** Writes a row's attention, the weighted mean of the values it saw. */
  public void result(int row, float[] into, int at, int headSize) {
    float scale = 1 / weights[row];
    for (int i = 0; i < headSize; i++) {
      into[at + i] = sums[row * depth + i] * scale;
    }
  }

  int depth() {
    return depth;
  }

  public int window() {
    return window;
  }

  int position(int row) {
    return positions[row];
  }

  float[] sums() {
    return sums;
  }

  float[] scores() {
    return scores;
  }

  float[] largest() {
    return largest;
  }

  float[] weights() {
    return weights;
  }
}
