package malt.torch.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import malt.ModelException;
import malt.Seeds;
import malt.model.SamplingParams;
import malt.torch.tensor.Device;
import malt.torch.tensor.Devices;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("malt.torch.tensor.Devices#all")
class TokenSamplerTest {
  private static final Offset<Float> CLOSE = Offset.offset(1e-6f);

  private final Tensors tensors;

  TokenSamplerTest(Device device) {
    tensors = Tensors.on(Devices.assumed(device));
  }

  private int[] draw(float[] logits, double temperature, double topP, double... uniforms) {
    return drawn(logits, temperature, topP, uniforms).ids();
  }

  private TokenSampler.Drawn drawn(
      float[] logits, double temperature, double topP, double... uniforms) {
    float[] rows = new float[logits.length * uniforms.length];
    for (int row = 0; row < uniforms.length; row++) {
      System.arraycopy(logits, 0, rows, row * logits.length, logits.length);
    }
    try (TensorScope scope = new TensorScope()) {
      return TokenSampler.draw(
          tensors.ofFloats(rows, uniforms.length, logits.length),
          new SamplingParams(temperature, topP, 1),
          uniforms);
    }
  }

  private static float[] logs(double... probabilities) {
    float[] logs = new float[probabilities.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) Math.log(probabilities[i]);
    }
    return logs;
  }

  @Test
  void temperature_zero_takes_the_largest_logit_and_the_lowest_id_of_a_tie() {
    assertThat(draw(new float[] {1, 3, 3, 2}, 0, 1, 0.99, 0)).containsExactly(1, 1);
  }

  @Test
  void the_uniform_number_is_looked_up_in_the_cumulative_distribution() {
    // Cumulative 0.1, 0.1, 0.7, 1.0; the second id has probability 0.
    float[] logits = logs(0.1, 0, 0.6, 0.3);
    assertThat(draw(logits, 1, 1, 0, 0.099, 0.101, 0.699, 0.701, Math.nextDown(1.0)))
        .containsExactly(0, 0, 2, 2, 3, 3);
  }

  @Test
  void an_id_of_probability_zero_is_never_drawn_at_either_end() {
    float[] logits = logs(0, 0.5, 0.5, 0);
    assertThat(draw(logits, 1, 1, 0, Math.nextDown(1.0))).containsExactly(1, 2);
  }

  @Test
  void temperature_divides_the_logits() {
    // At temperature 1/2 the odds 1 : 2 become 1 : 4, so the border is at 0.2.
    assertThat(draw(logs(1, 2), 0.5, 1, 0.199, 0.201)).containsExactly(0, 1);
  }

  @Test
  void top_p_keeps_the_fewest_likeliest_ids_that_reach_the_mass() {
    // Sorted: id 2 (0.4), id 0 (0.3), id 3 (0.2), id 1 (0.1). 0.6 is reached by {2, 0}, of mass
    // 0.7, drawn in that order: the border is at 4/7 = 0.571.
    float[] logits = logs(0.3, 0.1, 0.4, 0.2);
    assertThat(draw(logits, 1, 0.6, 0, 0.57, 0.572, Math.nextDown(1.0)))
        .containsExactly(2, 2, 0, 0);
    assertThat(draw(logits, 1, 0.39, 0, 0.9)).containsExactly(2, 2);
  }

  @Test
  void of_equal_probabilities_top_p_keeps_the_lowest_ids() {
    float[] logits = logs(0.25, 0.25, 0.25, 0.25);
    assertThat(draw(logits, 1, 0.49, 0, 0.49, 0.51, 0.99)).containsExactly(0, 0, 1, 1);
  }

  @Test
  void top_p_agrees_with_sorting_the_whole_row() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200; round++) {
      float[] p = new float[1 + random.nextInt(40)];
      double total = 0;
      for (int i = 0; i < p.length; i++) {
        p[i] = (float) Math.exp(4 * random.nextGaussian());
        total += p[i];
      }
      for (int i = 0; i < p.length; i++) {
        p[i] = (float) (p[i] / total);
      }
      double topP = random.nextDouble(0.05, 0.999);
      double uniform = random.nextDouble();
      int[] sorted =
          IntStream.range(0, p.length)
              .boxed()
              .sorted((a, b) -> Float.compare(p[b], p[a]))
              .mapToInt(Integer::intValue)
              .toArray();
      double mass = 0;
      int size = 0;
      while (size < p.length && mass < topP) {
        mass += p[sorted[size++]];
      }
      double sum = 0;
      int expected = 0;
      while (expected < size - 1 && (sum += p[sorted[expected]]) <= uniform * mass) {
        expected++;
      }
      assertThat(HostSampler.nucleus(p, 0, p.length, topP, uniform)).isEqualTo(sorted[expected]);
    }
  }

  @Test
  void top_p_by_operations_draws_as_the_loop_does() {
    SplittableRandom random = new SplittableRandom(8);
    for (int round = 0; round < 50; round++) {
      int rows = 8;
      int words = random.nextInt(1, 60);
      float[] p = new float[rows * words];
      double[] uniforms = new double[rows];
      double topP = random.nextDouble(0.05, 0.999);
      int[] expected = new int[rows];
      for (int row = 0; row < rows; row++) {
        double total = 0;
        for (int i = row * words; i < (row + 1) * words; i++) {
          p[i] = random.nextInt(4) == 0 ? 1 : (float) Math.exp(4 * random.nextGaussian()); // ties
          total += p[i];
        }
        for (int i = row * words; i < (row + 1) * words; i++) {
          p[i] = (float) (p[i] / total);
        }
        uniforms[row] = random.nextDouble();
        expected[row] = HostSampler.nucleus(p, row * words, words, topP, uniforms[row]);
      }
      try (TensorScope scope = new TensorScope()) {
        Tensor ids = DeviceSampler.nucleus(tensors.ofFloats(p, rows, words), topP, uniforms);
        assertThat(Tensors.longs(ids))
            .containsExactly(Arrays.stream(expected).asLongStream().toArray());
      }
    }
  }

  @Test
  void drawing_by_operations_and_in_main_memory_agree_over_many_words() {
    SplittableRandom random = new SplittableRandom(9);
    for (int words : List.of(1, 7, 335, 1024, 1025, 5000)) {
      for (SamplingParams params :
          List.of(
              new SamplingParams(0, 1, 1),
              new SamplingParams(1, 1, 1),
              new SamplingParams(0.7, 1, 1),
              new SamplingParams(1.5, 0.9, 1))) {
        int rows = 20;
        float[] logits = new float[rows * words];
        double[] uniforms = new double[rows];
        for (int i = 0; i < logits.length; i++) {
          logits[i] = (float) (3 * random.nextGaussian()) - (i % 5 == 0 ? 200 : 0);
        }
        for (int row = 0; row < rows; row++) {
          uniforms[row] = random.nextDouble();
        }
        try (TensorScope scope = new TensorScope()) {
          Tensor there = tensors.ofFloats(logits, rows, words);
          TokenSampler.Drawn expected = DeviceSampler.draw(there, params, uniforms);
          TokenSampler.Drawn found = TokenSampler.draw(there.cpu(), params, uniforms);
          assertThat(found.ids()).as("%d words, %s", words, params).isEqualTo(expected.ids());
          assertThat(found.logProbs()).containsExactly(expected.logProbs(), Offset.offset(2e-5f));
        }
      }
    }
  }

  @Test
  void log_probabilities_are_those_at_temperature_one_of_all_words() {
    float[] logits = logs(0.1, 0.2, 0.3, 0.4);
    assertThat(drawn(logits, 0.5, 0.5, 0.1).logProbs()[0]).isCloseTo(log(0.4), CLOSE);
    assertThat(drawn(logits, 2, 1, 0.01).logProbs()[0]).isCloseTo(log(0.1), CLOSE);
    assertThat(drawn(logits, 0, 1, 0.01).logProbs()[0]).isCloseTo(log(0.4), CLOSE);
  }

  private static float log(double probability) {
    return (float) Math.log(probability);
  }

  @Test
  void drawn_frequencies_match_the_softmax() {
    double[] p = {0.05, 0.3, 0.02, 0.13, 0.5};
    int n = 20_000;
    double[] uniforms = IntStream.range(0, n).mapToDouble(i -> Seeds.uniform(i)).toArray();
    int[] counts = new int[p.length];
    for (int id : draw(logs(p), 1, 1, uniforms)) {
      counts[id]++;
    }
    double chiSquare = 0;
    for (int id = 0; id < p.length; id++) {
      chiSquare += Math.pow(counts[id] - n * p[id], 2) / (n * p[id]);
    }
    assertThat(chiSquare).isLessThan(18.47); // 99.9 % point of 4 degrees of freedom
  }

  @Test
  void logits_that_are_not_finite_are_an_error() {
    float[] broken = {1, Float.NaN, 2};
    assertThatThrownBy(() -> draw(broken, 1, 1, 0.5)).isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> draw(broken, 1, 0.9, 0.5)).isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> draw(broken, 0, 1, 0.5)).isInstanceOf(ModelException.class);
    float[] endless = {1, Float.POSITIVE_INFINITY, 2};
    assertThatThrownBy(() -> draw(endless, 1, 1, 0.5)).isInstanceOf(ModelException.class);
  }
}
