package malt.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Variant;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Laws of what families add to Llama 2's decoder. */
class VariantsTest {
  private static final Offset<Float> CLOSE = Offset.offset(3e-5f);
  private static final int VOCABULARY = 50;
  private static final long[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
  private static final Variant WINDOW = new Variant(false, false, 4, null, null);
  private static final Variant BIAS = new Variant(true, false, 0, null, null);
  private static final Variant NORM = new Variant(false, true, 0, null, null);
  private static final Variant ROPE =
      new Variant(false, false, 0, new Variant.Llama3Rope(8, 1, 4, 32), null);

  private long before;
  private TensorScope scope;
  private GradMode grad;

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    scope = new TensorScope();
    grad = GradMode.off();
  }

  @AfterEach
  void close_and_nothing_leaks() {
    grad.close();
    scope.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private static CausalLm model(Variant variant) {
    return TinyModels.random(TinyModels.of(variant), 5);
  }

  private static float[] logits(CausalLm model, long... ids) {
    Tensor tokens = Tensors.MAIN.ofLongs(ids, 1, ids.length);
    return Tensors.floats(model.logits(model.forward(tokens, LoraAdapter.NONE)));
  }

  private static float[] at(float[] logits, int position) {
    return Arrays.copyOfRange(logits, position * VOCABULARY, (position + 1) * VOCABULARY);
  }

  @Test
  void a_sliding_window_hides_what_is_further_back() {
    long[] other = IDS.clone();
    other[0] = 49;
    try (CausalLm model = model(WINDOW);
        CausalLm plain = model(Variant.LLAMA)) {
      float[] one = logits(model, IDS);
      float[] changed = logits(model, other);
      // two layers of four tokens each: token 0 reaches positions 0 to 6
      assertThat(at(changed, 3)).isNotEqualTo(at(one, 3));
      for (int position = 7; position < IDS.length; position++) {
        assertThat(at(changed, position)).containsExactly(at(one, position), CLOSE);
      }
      assertThat(at(logits(plain, other), 11)).isNotEqualTo(at(logits(plain, IDS), 11));
      long[] few = Arrays.copyOf(IDS, 4);
      assertThat(logits(model, few)).isEqualTo(logits(plain, few));
    }
  }

  @Test
  void branches_of_a_trunk_equal_sequences_of_their_own_within_a_window_too() {
    TokenRows rows =
        new TokenRows(new long[] {3, 1, 4, 1, 5, 9, 2, 6, 5}, List.of(new int[] {5, 2, 2}));
    for (Variant variant : new Variant[] {Variant.LLAMA, WINDOW, NORM, TinyModels.GEMMA}) {
      try (CausalLm model = model(variant)) {
        Tensor hidden =
            model
                .adapted(rows, Tensors.MAIN.range(9), LoraAdapter.NONE, AdaptedForward.Keep.NOTHING)
                .hidden();
        float[] together = Tensors.floats(model.logits(hidden));
        float[] first = logits(model, 3, 1, 4, 1, 5, 9, 2);
        float[] second = logits(model, 3, 1, 4, 1, 5, 6, 5);
        assertThat(at(together, 6)).as("%s", variant).containsExactly(at(first, 6), CLOSE);
        assertThat(at(together, 8)).as("%s", variant).containsExactly(at(second, 6), CLOSE);
      }
    }
  }

  @Test
  void head_norms_take_out_the_scale_of_queries_and_biases_are_used() {
    try (CausalLm normed = model(NORM);
        CausalLm biased = model(BIAS);
        CausalLm plain = model(Variant.LLAMA)) {
      float[] expected = logits(normed, IDS);
      assertThat(expected).isNotEqualTo(logits(plain, IDS));
      normed.weights().tensor("model.layers.0.self_attn.q_proj.weight").mul_(Tensors.scalar(3));
      assertThat(logits(normed, IDS)).containsExactly(expected, Offset.offset(2e-3f));
      float[] with = logits(biased, IDS);
      for (int layer = 0; layer < 2; layer++) {
        for (String name : new String[] {"q_proj", "k_proj", "v_proj"}) {
          biased.weights().tensor("model.layers." + layer + ".self_attn." + name + ".bias").zero_();
        }
      }
      assertThat(logits(biased, IDS)).isNotEqualTo(with);
    }
  }

  @Test
  void llama_3_scaling_keeps_high_frequencies_and_divides_low_ones_without_a_jump() {
    Variant.Llama3Rope rope = new Variant.Llama3Rope(8, 1, 4, 8192);
    double high = 2 * Math.PI / 2048; // wavelength 8192 / 4
    double low = 2 * Math.PI / 8192;
    Offset<Double> near = Offset.offset(1e-9);
    assertThat(rope.scaled(1)).isEqualTo(1);
    assertThat(rope.scaled(high)).isCloseTo(high, near);
    assertThat(rope.scaled(low)).isCloseTo(low / 8, near);
    assertThat(rope.scaled(low / 2)).isEqualTo(low / 16);
    // halfway in 1/wavelength: the mean of both
    double middle = (high + low) / 2;
    assertThat(rope.scaled(middle)).isCloseTo((middle + middle / 8) / 2, near);
  }
}
