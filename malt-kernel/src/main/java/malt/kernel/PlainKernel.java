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
  public void widen(int[] words, int count, float[] into, int at) {
    for (int i = 0; i < count; i += UNIT) {
      for (int lane = 0; lane < UNIT; lane++) {
        int pair = words[i + lane];
        into[at + 2 * i + lane] = Float.intBitsToFloat(pair << 16);
        into[at + 2 * i + UNIT + lane] = Float.intBitsToFloat(pair & 0xffff0000);
      }
    }
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
  void multiply(Operand a, int rows, int inner, Operand b, int columns, Operand c, boolean added) {
    float[] left = a.numbers();
    float[] right = b.numbers();
    float[] out = c.numbers();
    for (int row = 0; row < rows; row++) {
      int to = c.offset() + row * c.stride();
      if (!added) {
        java.util.Arrays.fill(out, to, to + columns, 0);
      }
      for (int i = 0; i < inner; i++) {
        float factor = left[a.offset() + row * a.stride() + i];
        int from = b.offset() + i * b.stride();
        for (int column = 0; column < columns; column++) {
          out[to + column] += factor * right[from + column];
        }
      }
    }
  }
}
