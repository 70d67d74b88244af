package malt.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CausalLmTest {
  private static final Offset<Float> CLOSE = Offset.offset(2e-5f);
  private long before;
  private CausalLm model;
  private TensorScope scope;
  private GradMode grad;

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    model = TinyModels.random(1);
    scope = new TensorScope();
    grad = GradMode.off();
  }

  @AfterEach
  void close_and_nothing_leaks() {
    grad.close();
    scope.close();
    model.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private float[] logits(long... ids) {
    Tensor tokens = Tensors.ofLongs(ids, 1, ids.length);
    return Tensors.floats(model.logits(model.forward(tokens, LoraAdapter.NONE)));
  }

  @Test
  void a_later_token_leaves_earlier_logits_bit_equal() {
    float[] one = logits(3, 1, 4, 1, 5);
    float[] other = logits(3, 1, 4, 1, 49);
    assertThat(Arrays.copyOf(one, 4 * 50)).isEqualTo(Arrays.copyOf(other, 4 * 50));
    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void cached_decoding_equals_the_full_forward() {
    long[] ids = {3, 1, 4, 1, 5, 9, 2, 6};
    float[] full = logits(ids);
    try (KvCache cache =
        KvCache.empty(
            model.config(),
            new long[1],
            8,
            Tensors.range(0).to(org.bytedeco.pytorch.global.torch.ScalarType.Float))) {
      Tensor prefix = Tensors.ofLongs(Arrays.copyOf(ids, 5), 1, 5);
      model.forward(prefix, LoraAdapter.NONE, cache);
      for (int t = 5; t < 8; t++) {
        Tensor token = Tensors.ofLongs(new long[] {ids[t]}, 1, 1);
        float[] step = Tensors.floats(model.logits(model.forward(token, LoraAdapter.NONE, cache)));
        assertThat(step).containsExactly(Arrays.copyOfRange(full, t * 50, (t + 1) * 50), CLOSE);
      }
    }
  }

  @Test
  void left_padding_changes_no_logit_and_forked_rows_go_their_own_way() {
    float[] shortAlone = logits(7, 8, 9, 20);
    float[] longAlone = logits(1, 2, 3, 4, 5, 21);
    try (KvCache cache =
        KvCache.empty(
            model.config(),
            new long[] {2, 0},
            5,
            Tensors.range(0).to(org.bytedeco.pytorch.global.torch.ScalarType.Float))) {
      Tensor tokens = Tensors.ofLongs(new long[] {0, 0, 7, 8, 9, 1, 2, 3, 4, 5}, 2, 5);
      model.forward(tokens, LoraAdapter.NONE, cache);
      try (KvCache forked = cache.select(new long[] {1, 0, 0}, 8)) {
        Tensor next = Tensors.ofLongs(new long[] {21, 20, 33}, 3, 1);
        float[] step = Tensors.floats(model.logits(model.forward(next, LoraAdapter.NONE, forked)));
        assertThat(Arrays.copyOf(step, 50))
            .containsExactly(Arrays.copyOfRange(longAlone, 5 * 50, 6 * 50), CLOSE);
        assertThat(Arrays.copyOfRange(step, 50, 100))
            .containsExactly(Arrays.copyOfRange(shortAlone, 3 * 50, 4 * 50), CLOSE);
        assertThat(Arrays.copyOfRange(step, 100, 150))
            .isNotEqualTo(Arrays.copyOfRange(step, 50, 100));
      }
    }
  }
}
