package malt.torch.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import malt.ModelException;
import malt.Seeds;
import malt.model.SamplingParams;
import malt.torch.tensor.Device;
import malt.torch.tensor.Devices;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("malt.torch.tensor.Devices#all")
class TokenSamplerTest {
  private final Tensors tensors;

  TokenSamplerTest(Device device) {
    tensors = Tensors.on(Devices.assumed(device));
  }

  private int[] draw(float[] logits, double temperature, double topP, double... uniforms) {
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
      assertThat(TokenSampler.drawNucleus(p, 0, p.length, topP, uniform))
          .isEqualTo(sorted[expected]);
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
        expected[row] = TokenSampler.drawNucleus(p, row * words, words, topP, uniforms[row]);
      }
      try (TensorScope scope = new TensorScope()) {
        assertThat(TokenSampler.drawNucleusThere(tensors.ofFloats(p, rows, words), topP, uniforms))
            .containsExactly(expected);
      }
    }
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
  }
}
