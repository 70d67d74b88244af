package malt.kernel;

/** Loops that the compiler may make vectors of: for a JVM without the Vector API. */
final class PlainKernel extends AttentionKernel {
  private static final int KEYS = 32;
  private static final int UNIT = 8;

  @Override
  public int blockKeys() {
    return KEYS;
  }

  @Override
  int unit() {
    return UNIT;
  }

  @Override
  void weigh(Queries queries, int row) {
    float[] scores = queries.scores();
    int at = row * KEYS;
    float before = queries.largest()[row];
    float largest = before;
    for (int key = 0; key < KEYS; key++) {
      largest = Math.max(largest, scores[at + key]);
    }
    float sum = 0;
    for (int key = 0; key < KEYS; key++) {
      float weight = (float) Math.exp(scores[at + key] - largest);
      scores[at + key] = weight;
      sum += weight;
    }
    if (largest > before) {
      float change = (float) Math.exp(before - largest);
      queries.weights()[row] *= change;
      float[] sums = queries.sums();
      int depth = queries.depth();
      for (int i = row * depth; i < (row + 1) * depth; i++) {
        sums[i] *= change;
      }
      queries.largest()[row] = largest;
    }
    queries.weights()[row] += sum;
  }

  @Override
  void multiply(Product product, Operand a, Operand b, Operand c) {
    begin(product, c);
    for (int i = 0; i < product.inner(); i++) {
      add(product, a, i, new Operand(b.numbers(), b.offset() + i * b.stride(), 0), c);
    }
  }

  @Override
  void multiply(Product product, Operand a, int[] words, Place b, Operand c) {
    begin(product, c);
    Operand wide = new Operand(new float[product.columns()], 0, 0);
    for (int i = 0; i < product.inner(); i++) {
      widen(words, (b.offset() + i * b.stride()) / 2, wide.numbers());
      add(product, a, i, wide, c);
    }
  }

  private static void widen(int[] words, int from, float[] into) {
    for (int i = 0; i < into.length; i += 2 * UNIT) {
      for (int lane = 0; lane < UNIT; lane++) {
        int pair = words[from + i / 2 + lane];
        into[i + lane] = Float.intBitsToFloat(pair << 16);
        into[i + UNIT + lane] = Float.intBitsToFloat(pair & 0xffff0000);
      }
    }
  }

  private static void begin(Product product, Operand c) {
    for (int row = 0; row < product.rows() && !product.added(); row++) {
      int to = c.offset() + row * c.stride();
      java.util.Arrays.fill(c.numbers(), to, to + product.columns(), 0);
    }
  }

  /** Adds the outer product of a column of a and a row of b. */
  private static void add(Product product, Operand a, int column, Operand row, Operand c) {
    float[] right = row.numbers();
    float[] out = c.numbers();
    for (int r = 0; r < product.rows(); r++) {
      float factor = a.numbers()[a.offset() + r * a.stride() + column];
      int to = c.offset() + r * c.stride();
      for (int i = 0; i < product.columns(); i++) {
        out[to + i] += factor * right[row.offset() + i];
      }
    }
  }
}
