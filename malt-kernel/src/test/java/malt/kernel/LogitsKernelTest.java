package malt.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Both kernels against the definition in 64 bits. */
class LogitsKernelTest {
  private static final List<LogitsKernel> KERNELS = List.of(new VectorLogits(), new PlainLogits());

  private static float[] random(int count, double deviation, SplittableRandom random) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (random.nextGaussian() * deviation);
    }
    return numbers;
  }

  @Test
  void powers_and_their_sum_are_those_of_the_definition() {
    for (LogitsKernel kernel : KERNELS) {
      for (int seed = 0; seed < 200; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        int count = seed < 40 ? 1 + seed : random.nextInt(1, LogitsKernel.BLOCK + 1);
        float[] logits = random(LogitsKernel.BLOCK, random.nextDouble(0.1, 30), random);
        float scale = seed % 3 == 0 ? 1 : (float) random.nextDouble(0.2, 5);
        float largest = kernel.largest(logits, count);
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
          most = Math.max(most, logits[i]);
        }
        float[] powers = new float[LogitsKernel.BLOCK];
        float sum = kernel.powers(logits, count, largest, scale, powers);
        double expected = 0;
        for (int i = 0; i < count; i++) {
          double power = Math.exp((logits[i] - most) * scale);
          expected += power;
          assertThat(powers[i])
              .as("%s, seed %d, logit %d", kernel.getClass().getSimpleName(), seed, i)
              .isBetween((float) (power * (1 - 1e-6) - 2e-38), (float) (power * (1 + 1e-6)));
        }
        assertThat(largest).isEqualTo(most);
        assertThat(sum).isCloseTo((float) expected, Percentage.withPercentage(1e-4));
      }
    }
  }

  @Test
  void the_same_numbers_give_the_same_bits_interpreted_and_compiled() {
    for (LogitsKernel kernel : KERNELS) {
      float[] logits = random(333, 3, new SplittableRandom(1));
      float[] powers = new float[LogitsKernel.BLOCK];
      float first = kernel.powers(logits, 333, 12, 0.7f, powers);
      float[] before = powers.clone();
      for (int call = 0; call < 20_000; call++) {
        assertThat(kernel.powers(logits, 333, 12, 0.7f, powers)).isEqualTo(first);
      }
      assertThat(powers).isEqualTo(before);
    }
  }

  @Test
  void no_nan_and_no_infinity_is_lost_in_a_sum() {
    // NaN has many bit patterns, and operations of a processor hand them on.
    List<Float> broken =
        List.of(
            Float.NaN,
            Float.intBitsToFloat(0x7fc00001),
            Float.intBitsToFloat(0xffd5a5a7),
            Float.intBitsToFloat(0x7f800001),
            Float.POSITIVE_INFINITY);
    for (LogitsKernel kernel : KERNELS) {
      for (float number : broken) {
        for (int place : new int[] {0, 5, 16, 99}) {
          float[] logits = random(100, 1, new SplittableRandom(2));
          logits[place] = number;
          float[] powers = new float[LogitsKernel.BLOCK];
          float sum = kernel.powers(logits, 100, kernel.largest(logits, 100), 0.7f, powers);
          assertThat(sum)
              .as("%s, %s at %d", kernel.getClass().getSimpleName(), number, place)
              .isNaN();
        }
      }
    }
  }

  @Test
  void what_is_impossible_has_no_power() {
    for (LogitsKernel kernel : KERNELS) {
      float[] logits = new float[50];
      Arrays.fill(logits, Float.NEGATIVE_INFINITY);
      logits[7] = -3;
      logits[40] = -1000;
      float[] powers = new float[LogitsKernel.BLOCK];
      float largest = kernel.largest(logits, 50);
      assertThat(largest).isEqualTo(-3);
      assertThat(kernel.powers(logits, 50, largest, 1, powers)).isEqualTo(1);
      assertThat(powers[7]).isEqualTo(1);
      assertThat(powers[40]).isZero();
      assertThat(powers[49]).isZero();
    }
  }
}
