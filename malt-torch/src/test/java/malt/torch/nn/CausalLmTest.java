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
    Tensor tokens = Tensors.MAIN.ofLongs(ids, 1, ids.length);
    return Tensors.floats(model.logits(model.forward(tokens, LoraAdapter.NONE)));
  }

  @Test
  void a_later_token_leaves_earlier_logits_bit_equal() {
    float[] one = logits(3, 1, 4, 1, 5);
    float[] other = logits(3, 1, 4, 1, 49);
    assertThat(Arrays.copyOf(one, 4 * 50)).isEqualTo(Arrays.copyOf(other, 4 * 50));
    assertThat(one).isNotEqualTo(other);
  }
}
