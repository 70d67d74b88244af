package malt.torch.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import malt.kernel.AttentionKernel;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class KeyValuePageTest {
  private static final int SIZE = 1024;
  private static final AttentionKernel KERNEL = AttentionKernel.best();

  /** Numbers of every size, and those that rounding could mistake. */
  private static float[] numbers() {
    SplittableRandom random = new SplittableRandom(1);
    float[] numbers = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      numbers[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-30, 30)));
    }
    float[] odd = {
      Float.NaN,
      Float.intBitsToFloat(0x7fffffff), // NaN too, whose bits overflow where they are rounded
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MAX_VALUE,
      -0f,
      Float.intBitsToFloat(0x3f808000), // halfway, to the even one below
      Float.intBitsToFloat(0x3f818000) // halfway, to the even one above
    };
    System.arraycopy(odd, 0, numbers, 3, odd.length);
    return numbers;
  }

  /** As LibTorch rounds. */
  private static float[] rounded(float[] numbers) {
    try (TensorScope scope = new TensorScope()) {
      return Tensors.floats(Tensors.MAIN.ofFloats(numbers, SIZE).to(ScalarType.BFloat16));
    }
  }

  @Test
  void a_page_gives_back_what_was_written_in_32_bits_or_rounded_to_bfloat16() {
    float[] numbers = numbers();
    try (KeyValuePage wide = KeyValuePage.wide(SIZE);
        KeyValuePage narrow = KeyValuePage.narrow(SIZE, KERNEL)) {
      holds(wide, false, numbers, numbers);
      holds(narrow, true, numbers, rounded(numbers));
      assertThat(wide.bytes()).isEqualTo(2 * narrow.bytes());
    }
  }

  private static void holds(KeyValuePage page, boolean halved, float[] numbers, float[] expected) {
    for (int place = 0; place < SIZE / 2; place++) {
      page.write(place, numbers[place]);
    }
    page.write(SIZE / 2, Arrays.copyOfRange(numbers, SIZE / 2, SIZE));
    int base = 2 * KERNEL.narrowUnit();
    AttentionKernel.Wide wide = new AttentionKernel.Wide(new float[SIZE]);
    AttentionKernel.Narrow narrow = new AttentionKernel.Narrow(new int[SIZE / 2]);
    for (int from = 0; from < SIZE - base; from += 37) {
      for (int to = from + 1; to <= SIZE - base; to += 101) {
        page.read(base, from, to, halved ? narrow : wide);
        float[] found = halved ? widened(narrow.words()) : wide.numbers();
        assertThat(Arrays.copyOfRange(found, from, to))
            .as("%s, %d to %d", page.getClass().getSimpleName(), from, to)
            .containsExactly(Arrays.copyOfRange(expected, base + from, base + to));
      }
    }
  }

  private static float[] widened(int[] words) {
    float[] numbers = new float[2 * words.length];
    for (int place = 0; place < numbers.length; place++) {
      int at = KERNEL.narrow(place);
      int pair = words[at / 2];
      numbers[place] = Float.intBitsToFloat(at % 2 == 0 ? pair << 16 : pair & 0xffff0000);
    }
    return numbers;
  }
}
