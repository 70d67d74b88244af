package malt.torch.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A forward over a frozen base with an adapter, and its backward, layer by layer and without a
 * graph. Tensors belong to the scope around it.
 */
public final class AdaptedForward {
  /** What a forward keeps for the backward. */
  public enum Keep {
    /** There is none. */
    NOTHING,
    /** The input of each layer, which runs again in the backward (Chen et al. 2016). */
    INPUTS,
    /** What each layer's gradients need. */
    ACTIVATIONS
  }

  private final List<UnaryOperator<Tensor>> backwards; // of the layers, the last one's first
  private final RmsNorm norm;
  private final Tensor wanted; // int64 (M)
  private final Tensor last; // of the layers' output, what is wanted, (M, C)
  private final long tokens; // N
  private final Tensor hidden;

  private AdaptedForward(
      List<UnaryOperator<Tensor>> backwards, RmsNorm norm, Tensor wanted, Tensor output) {
    this.backwards = backwards;
    this.norm = norm;
    this.wanted = wanted;
    last = output.index_select(0, wanted);
    tokens = output.size(0);
    hidden = norm.forward(last);
  }

  /**
   * @param embedded (N, C)
   * @param contexts of each layer
   * @param wanted whose hidden states are asked for, int64 (M)
   */
  static AdaptedForward of(
      Tensor embedded,
      List<DecoderLayer> layers,
      List<AdaptedLayer.Context> contexts,
      RmsNorm norm,
      Tensor wanted,
      Keep keep) {
    List<UnaryOperator<Tensor>> backwards = new ArrayList<>();
    Tensor x = embedded;
    for (int index = 0; index < layers.size(); index++) {
      DecoderLayer layer = layers.get(index);
      AdaptedLayer.Context context = contexts.get(index);
      Tensor input = x;
      if (keep == Keep.ACTIVATIONS) {
        AdaptedLayer done = AdaptedLayer.of(layer, input, context);
        backwards.add(0, done::backward);
        x = done.output();
      } else {
        x = TensorScope.result(() -> AdaptedLayer.of(layer, input, context).output());
        if (keep == Keep.INPUTS) {
          backwards.add(0, above -> again(layer, input, context, above));
        }
      }
    }
    return new AdaptedForward(backwards, norm, wanted, x);
  }

  private static Tensor again(
      DecoderLayer layer, Tensor input, AdaptedLayer.Context context, Tensor above) {
    return TensorScope.result(() -> AdaptedLayer.of(layer, input, context).backward(above));
  }

  /** Hidden states after the final norm where they are wanted, (M, C). */
  public Tensor hidden() {
    return hidden;
  }

  /**
   * Adds the adapter's gradients to those that its tensors have.
   *
   * @param above gradient of {@link #hidden}
   */
  public void backward(Tensor above) {
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      Tensor gradient =
          last.new_zeros(tokens, last.size(1)).index_add_(0, wanted, norm.backward(above, last));
      for (UnaryOperator<Tensor> backward : backwards) {
        try (TensorScope layer = new TensorScope()) {
          gradient.copy_(backward.apply(gradient));
        }
      }
    }
  }
}
