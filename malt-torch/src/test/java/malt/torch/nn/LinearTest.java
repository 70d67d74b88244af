package malt.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;

import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearTest {
  /** Small and large weights, those of several blocks and of a last block that is not full. */
  @ParameterizedTest
  @CsvSource({"7, 5", "96, 256", "600, 512", "1500, 700", "3, 300000"})
  void few_rows_give_what_many_would(long out, long in) {
    long before = TensorScope.liveObjects();
    try (TensorScope scope = new TensorScope()) {
      Tensor weight = torch.randn(out, in).div(Tensors.scalar(Math.sqrt(in)));
      Tensor x = torch.randn(2, 4, in);
      float[] whole = Tensors.floats(torch.linear(x, weight));
      for (int rows = 1; rows <= 4; rows++) {
        Tensor some = Linear.map(x.narrow(1, 0, rows), weight);
        assertThat(Tensors.shape(some)).containsExactly(2, rows, out);
        float[] found = Tensors.floats(some.select(0, 1));
        for (int i = 0; i < found.length; i++) {
          assertThat(found[i]).isCloseTo(whole[(int) (4 * out) + i], Offset.offset(1e-4f));
        }
      }
    }
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  @Test
  void few_rows_carry_gradients() {
    try (TensorScope scope = new TensorScope()) {
      Tensor weight = torch.randn(5, 3);
      Tensor x = torch.randn(2, 3).set_requires_grad(true);
      Linear.map(x, weight).sum().backward();
      float[] columns = Tensors.floats(weight.sum(0));
      assertThat(Tensors.floats(x.grad().select(0, 1)))
          .containsExactly(columns, Offset.offset(1e-5f));
    }
  }
}
