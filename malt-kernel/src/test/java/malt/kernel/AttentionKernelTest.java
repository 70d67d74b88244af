package malt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Both kernels against attention in 64 bits, written as its definition. */
class AttentionKernelTest {
  private static final int ALL = 1 << 29; // a window that hides nothing
  private static final Offset<Float> CLOSE = Offset.offset(1e-5f);
  private static final List<AttentionKernel> KERNELS =
      List.of(new VectorKernel(), new PlainKernel());

  /** Keys and values of positions 0 to n - 1, (n, D). */
  private record Memory(float[][] keys, float[][] values) {
    static Memory random(int positions, int headSize, SplittableRandom random) {
      return new Memory(rows(positions, headSize, 1, random), rows(positions, headSize, 1, random));
    }

    /** softmax(q K^T) V over the positions that a query sees. */
    float[] attended(float[] query, int position, int window) {
      int from = Math.max(0, position - window + 1);
      double[] scores = new double[position + 1];
      double largest = Double.NEGATIVE_INFINITY;
      for (int key = from; key <= position; key++) {
        for (int i = 0; i < query.length; i++) {
          scores[key] += (double) query[i] * keys[key][i];
        }
        largest = Math.max(largest, scores[key]);
      }
      double sum = 0;
      double[] mean = new double[query.length];
      for (int key = from; key <= position; key++) {
        double weight = Math.exp(scores[key] - largest);
        sum += weight;
        for (int i = 0; i < mean.length; i++) {
          mean[i] += weight * values[key][i];
        }
      }
      float[] result = new float[mean.length];
      for (int i = 0; i < mean.length; i++) {
        result[i] = (float) (mean[i] / sum);
      }
      return result;
    }

    /** Positions {@code from} to {@code to - 1} as a block, which begins {@code shift} before. */
    AttentionKernel.Block block(AttentionKernel kernel, int from, int to, int shift) {
      return block(kernel, kernel.padded(keys[0].length, false), from, to, shift);
    }

    AttentionKernel.Block block(AttentionKernel kernel, int depth, int from, int to, int shift) {
      int keysOfBlock = kernel.blockKeys();
      float[] numbers = new float[2 * depth * keysOfBlock];
      Arrays.fill(numbers, Float.NaN); // what is not of the block must not matter
      for (int position = from; position < to; position++) {
        int column = position - from + shift;
        for (int i = 0; i < depth; i++) {
          boolean padding = i >= keys[0].length;
          numbers[i * keysOfBlock + column] = padding ? 0 : keys[position][i];
          numbers[(keysOfBlock + column) * depth + i] = padding ? 0 : values[position][i];
        }
      }
      return new AttentionKernel.Block(
          new AttentionKernel.Wide(numbers), from - shift, shift, shift + to - from);
    }
  }

  private static float[][] rows(int count, int size, double scale, SplittableRandom random) {
    float[][] rows = new float[count][size];
    for (float[] row : rows) {
      for (int i = 0; i < size; i++) {
        row[i] = (float) (random.nextGaussian() * scale);
      }
    }
    return rows;
  }

  @Test
  void any_division_into_blocks_gives_the_attention_of_the_definition() {
    for (AttentionKernel kernel : KERNELS) {
      for (int seed = 0; seed < 60; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        int headSize = List.of(2, 8, 24, 64, 80, 128, 256).get(random.nextInt(7));
        int positions = random.nextInt(1, 200);
        int window = random.nextBoolean() ? ALL : random.nextInt(1, 60);
        int count = random.nextInt(1, 12);
        Memory memory = Memory.random(positions, headSize, random);
        float[][] asked = rows(count, headSize, 3 / Math.sqrt(headSize), random);
        Queries queries = queries(kernel, 16, headSize);
        int[] places = new int[count];
        queries.begin(count, window);
        for (int row = 0; row < count; row++) {
          System.arraycopy(asked[row], 0, queries.numbers(), queries.offset(row), headSize);
          places[row] = random.nextInt(positions);
          queries.place(row, places[row]);
        }
        for (int from = 0; from < positions; ) {
          int shift = random.nextInt(kernel.blockKeys());
          int to = Math.min(positions, from + random.nextInt(1, kernel.blockKeys() - shift + 1));
          kernel.attend(queries, 0, count, memory.block(kernel, from, to, shift));
          from = to;
        }
        float[] found = new float[headSize];
        for (int row = 0; row < count; row++) {
          queries.result(row, found, 0, headSize);
          assertThat(found)
              .as("%s, seed %d, row %d", kernel.getClass().getSimpleName(), seed, row)
              .containsExactly(memory.attended(asked[row], places[row], window), CLOSE);
        }
      }
    }
  }

  /** A run that goes on in a new process must not see that other code was compiled there. */
  @Test
  void the_same_numbers_give_the_same_bits_interpreted_and_compiled() {
    for (AttentionKernel kernel : KERNELS) {
      SplittableRandom random = new SplittableRandom(5);
      int count = 8;
      int positions = Math.min(50, kernel.blockKeys());
      float[][] asked = rows(count, 8, 1, random);
      AttentionKernel.Block block =
          Memory.random(positions, 8, random).block(kernel, 0, positions, 0);
      Queries queries = queries(kernel, count, 8);
      float[] first = null;
      for (int call = 0; call < 40_000; call++) {
        queries.begin(count, ALL);
        for (int row = 0; row < count; row++) {
          System.arraycopy(asked[row], 0, queries.numbers(), queries.offset(row), 8);
          queries.place(row, positions - 1);
        }
        kernel.attend(queries, 0, count, block);
        float[] found = new float[count * 8];
        for (int row = 0; row < count; row++) {
          queries.result(row, found, row * 8, 8);
        }
        first = first == null ? found : first;
        assertThat(Arrays.equals(found, first))
            .as("%s, call %d", kernel.getClass().getSimpleName(), call)
            .isTrue();
      }
    }
  }

  @Test
  void large_scores_neither_overflow_nor_lose_the_others() {
    for (AttentionKernel kernel : KERNELS) {
      Memory memory = new Memory(new float[40][8], new float[40][8]);
      for (int position = 0; position < 40; position++) {
        memory.keys()[position][0] = position; // scores from 0 to 39 x 10
        memory.values()[position][0] = position;
      }
      Queries queries = queries(kernel, 1, 8);
      queries.begin(1, ALL);
      queries.numbers()[0] = 10;
      queries.place(0, 39);
      for (int from = 0; from < 40; from += 8) {
        kernel.attend(queries, 0, 1, memory.block(kernel, from, from + 8, 0));
      }
      float[] found = new float[8];
      queries.result(0, found, 0, 8);
      // the last key's weight is 1, that before e^-10
      double last = Math.exp(-10);
      assertThat(found[0]).isCloseTo((float) ((39 + 38 * last) / (1 + last)), CLOSE);
    }
  }

  @Test
  void rows_beside_those_asked_are_left_as_they_are() {
    for (AttentionKernel kernel : KERNELS) {
      Memory memory = Memory.random(10, 16, new SplittableRandom(3));
      Queries queries = queries(kernel, 4, 16);
      queries.begin(4, ALL);
      for (int row = 0; row < 4; row++) {
        queries.numbers()[queries.offset(row)] = 1;
        queries.place(row, 9);
      }
      kernel.attend(queries, 1, 3, memory.block(kernel, 0, 10, 0));
      assertThat(queries.weights()[0]).isZero();
      assertThat(queries.weights()[3]).isZero();
      assertThat(queries.weights()[1]).isPositive().isEqualTo(queries.weights()[2]);
    }
  }

  @Test
  void keys_and_values_in_bfloat16_give_the_bits_that_the_same_numbers_give_in_32_bits() {
    for (AttentionKernel kernel : KERNELS) {
      for (int seed = 0; seed < 60; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        int headSize = List.of(2, 24, 64, 80, 128).get(random.nextInt(5));
        int depth = kernel.padded(headSize, true);
        int count = random.nextInt(1, 12);
        int from = random.nextInt(3, kernel.blockKeys() - 1);
        int to = random.nextInt(from + 1, kernel.blockKeys() + 1);
        float[][] asked = rows(count, headSize, 1, random);
        AttentionKernel.Block exact =
            Memory.random(to - from, headSize, random).block(kernel, depth, 0, to - from, from);
        float[] numbers = ((AttentionKernel.Wide) exact.numbers()).numbers();
        int[] words = new int[numbers.length / 2];
        for (int place = 0; place < numbers.length; place++) {
          int bits = Float.floatToRawIntBits(numbers[place]) & 0xffff0000;
          numbers[place] = Float.intBitsToFloat(bits);
          int at = kernel.narrow(place);
          words[at / 2] |= at % 2 == 0 ? bits >>> 16 : bits;
        }
        AttentionKernel.Block half =
            new AttentionKernel.Block(new AttentionKernel.Narrow(words), exact.origin(), from, to);
        float[][] found = new float[2][count * headSize];
        for (int type = 0; type < 2; type++) {
          Queries queries = new Queries(kernel, count, depth);
          queries.begin(count, ALL);
          for (int row = 0; row < count; row++) {
            System.arraycopy(asked[row], 0, queries.numbers(), queries.offset(row), headSize);
            queries.place(row, row % (to - from));
          }
          kernel.attend(queries, 0, count, type == 0 ? exact : half);
          for (int row = 0; row < count; row++) {
            queries.result(row, found[type], row * headSize, headSize);
          }
        }
        assertThat(found[1])
            .as("%s, seed %d", kernel.getClass().getSimpleName(), seed)
            .isEqualTo(found[0])
            .doesNotContain(Float.NaN);
      }
    }
  }

  private static Queries queries(AttentionKernel kernel, int rows, int headSize) {
    return new Queries(kernel, rows, kernel.padded(headSize, false));
  }

  @Test
  void the_vector_api_is_used_where_the_jvm_has_it() {
    assertThat(AttentionKernel.vectorised()).isTrue(); // the build starts tests with it
    assertThat(AttentionKernel.best()).isInstanceOf(VectorKernel.class);
  }
}
