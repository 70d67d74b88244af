package malt.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrozenProductTest {
  /** A weight as it lies, as in a forward, and the other way round, as in a backward. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_widened_product_is_the_exact_one_rounded_once(boolean transposed) {
    assumeTrue(OneDnn.supports(ScalarType.Float), "no oneDNN here");
    long before = TensorScope.liveObjects();
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      Tensor x = torch.randn(64, 96).to(ScalarType.BFloat16);
      Tensor weight =
          (transposed ? torch.randn(96, 700).t() : torch.randn(700, 96)).to(ScalarType.BFloat16);
      Tensor found = FrozenProduct.product(x, weight, ScalarType.Float);
      assertThat(Tensors.type(found)).isEqualTo(ScalarType.BFloat16);
      Tensor exact =
          torch.linear(x.to(ScalarType.Double), weight.to(ScalarType.Double)).to(ScalarType.Float);
      float[] expected = Tensors.floats(exact);
      float[] numbers = Tensors.floats(found.to(ScalarType.Float));
      for (int i = 0; i < numbers.length; i++) {
        float half = Math.abs(expected[i]) / 256; // of what the last bit is worth, at most
        assertThat(numbers[i]).isCloseTo(expected[i], Offset.offset(half + 1e-4f));
      }
    }
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }
}
