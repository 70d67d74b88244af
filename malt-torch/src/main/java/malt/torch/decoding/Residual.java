package malt.torch.decoding;

import java.util.List;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * What runs through the layers, in 32 bits whatever the products are in, (N, C). Each member of a
 * team holds it whole and adds what all members have made, in the same order, so all hold the same.
 * Plain loops: of few rows, an operation of the library costs more than the numbers do.
 */
final class Residual {
  private static final int CHAINS = 8; // sums that do not wait for each other

  private final int size; // C
  private final double epsilon; // of the norms
  private final ScalarType computing;
  private int rows;
  private float[] numbers = new float[0]; // (N, C)
  private float[] scratch = new float[0]; // likewise
  private final float[][] parts = new float[2][0]; // what this member adds, (N, C) each

  Residual(int size, double epsilon, ScalarType computing) {
    this.size = size;
    this.epsilon = epsilon;
    this.computing = computing;
  }

  /** Begins a forward with embedded tokens (N, C). */
  void begin(Tensor embedded) {
    rows = Math.toIntExact(embedded.size(0));
    if (numbers.length < rows * size) {
      int room = rows * size + rows * size / 4;
      numbers = new float[room];
      scratch = new float[room];
      parts[0] = new float[room];
      parts[1] = new float[room];
    }
    Tensors.read(exact(embedded), numbers, rows * size);
  }

  /**
   * Leaves this member's part (N, C) of a sum where the others find it.
   *
   * @param which 0 or 1, in turn: others may still read the one before
   */
  void offer(int which, Tensor part) {
    Tensors.read(exact(part), parts[which], rows * size);
  }

  /**
   * Adds the parts that all have offered.
   *
   * @param factor of the norm that their sum goes through first; null for none
   */
  void add(int which, List<Residual> all, float @Nullable [] factor) {
    if (factor != null) {
      addNormed(which, all, factor);
      return;
    }
    for (Residual each : all) {
      float[] part = each.parts[which];
      for (int i = 0; i < rows * size; i++) {
        numbers[i] += part[i];
      }
    }
  }

  private void addNormed(int which, List<Residual> all, float[] factor) {
    for (int row = 0; row < rows; row++) {
      int from = row * size;
      java.util.Arrays.fill(scratch, 0, size, 0);
      for (Residual each : all) {
        float[] part = each.parts[which];
        for (int i = 0; i < size; i++) {
          scratch[i] += part[from + i];
        }
      }
      float inverse = inverse(scratch, 0);
      for (int i = 0; i < size; i++) {
        numbers[from + i] += scratch[i] * inverse * factor[i];
      }
    }
  }

  /** x / rms(x) * weight of each row (Zhang and Sennrich 2019), (N, C). */
  Tensor normed(float[] weight) {
    for (int row = 0; row < rows; row++) {
      norm(row, weight, row);
    }
    return written(rows);
  }

  /** The same of some rows, (n, C). */
  Tensor normed(float[] weight, int[] some) {
    for (int i = 0; i < some.length; i++) {
      norm(some[i], weight, i);
    }
    return written(some.length);
  }

  private void norm(int row, float[] weight, int into) {
    int from = row * size;
    int to = into * size;
    float inverse = inverse(numbers, from);
    for (int i = 0; i < size; i++) {
      scratch[to + i] = numbers[from + i] * inverse * weight[i];
    }
  }

  /** 1 / rms(x) of a row. */
  private float inverse(float[] x, int from) {
    return (float) (1 / Math.sqrt(squares(x, from) / size + epsilon));
  }

  private double squares(float[] x, int from) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = from;
    for (; i + CHAINS <= from + size; i += CHAINS) {
      s0 += x[i] * x[i];
      s1 += x[i + 1] * x[i + 1];
      s2 += x[i + 2] * x[i + 2];
      s3 += x[i + 3] * x[i + 3];
      s4 += x[i + 4] * x[i + 4];
      s5 += x[i + 5] * x[i + 5];
      s6 += x[i + 6] * x[i + 6];
      s7 += x[i + 7] * x[i + 7];
    }
    double sum = (double) s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
    for (; i < from + size; i++) {
      sum += (double) x[i] * x[i];
    }
    return sum;
  }

  private Tensor written(int count) {
    Tensor tensor = Tensors.MAIN.uninitialised(count, size);
    Tensors.write(scratch, tensor, count * size);
    return tensor.to(computing);
  }

  private static Tensor exact(Tensor tensor) {
    return tensor.to(ScalarType.Float).contiguous();
  }
}
