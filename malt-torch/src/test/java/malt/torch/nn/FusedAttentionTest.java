package malt.torch.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import malt.torch.tensor.Device;
import malt.torch.tensor.Devices;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FusedAttentionTest {
  /** Rows of trunks and branches, some longer than a block. */
  private static final TokenRows ROWS =
      new TokenRows(
          new long[3 + 200 + 150 + 4 + 1 + 9 + 130],
          List.of(new int[] {3}, new int[] {200, 150, 4}, new int[] {1, 9}, new int[] {130}));

  @ParameterizedTest
  @MethodSource("malt.torch.tensor.Devices#all")
  void it_gives_what_attention_by_blocks_gives_and_its_gradients(Device device) {
    Tensors there = Tensors.on(Devices.assumed(device));
    ScalarType type = there.exact();
    double close = type == ScalarType.Double ? 1e-12 : 1e-5;
    List<AttentionPart> parts = AttentionPart.of(ROWS);
    int tokens = ROWS.ids().length;
    for (int window : new int[] {0, 5, 170}) {
      try (TensorScope scope = new TensorScope();
          GradMode off = GradMode.off()) {
        Tensor q = torch.randn(tokens, 2, 3, 8).to(type); // 2 groups of 3 heads
        Tensor k = torch.randn(tokens, 2, 8).to(type);
        Tensor v = torch.randn(tokens, 2, 8).to(type);
        Tensor above = torch.randn(tokens, 2, 3, 8).to(type);
        PartAttention blocks =
            new BlockAttention(parts, window, 0.3, BlockAttention.future(Tensors.MAIN, type));
        PartAttention fused = new FusedAttention(parts, window, 0.3);
        PartAttention.Gradients expected = blocks.backward(above, q, k, v);
        Tensor[] placed = new Tensor[] {there.placed(q), there.placed(k), there.placed(v)};
        PartAttention.Gradients found =
            fused.backward(there.placed(above), placed[0], placed[1], placed[2]);
        equal(fused.forward(placed[0], placed[1], placed[2]), blocks.forward(q, k, v), close);
        equal(found.q(), expected.q(), close);
        equal(found.k(), expected.k(), close);
        equal(found.v(), expected.v(), close);
      }
    }
  }

  private static void equal(Tensor found, Tensor expected, double close) {
    Tensor difference = Tensors.MAIN.placed(found).sub(expected).abs();
    assertThat(difference.max().item_double()).isCloseTo(0, within(close));
    assertThat(expected.abs().max().item_double()).isPositive();
  }
}
