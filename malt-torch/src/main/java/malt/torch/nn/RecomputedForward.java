package malt.torch.nn;

import java.util.ArrayList;
import java.util.List;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * A forward that keeps the input of each layer only, and runs a layer again when its turn comes in
 * the backward: activations of one layer instead of all, for one more forward (Chen et al. 2016).
 * Tensors belong to the scope around it.
 */
public final class RecomputedForward {
  private final List<DecoderLayer> layers;
  private final RmsNorm norm;
  private final Attention.Context context;
  private final List<Tensor> inputs; // of each layer, (B, T, C)
  private final Tensor hidden;

  private RecomputedForward(
      List<DecoderLayer> layers,
      RmsNorm norm,
      Attention.Context context,
      List<Tensor> inputs,
      Tensor hidden) {
    this.layers = layers;
    this.norm = norm;
    this.context = context;
    this.inputs = inputs;
    this.hidden = hidden;
  }

  static RecomputedForward of(
      Tensor embedded, List<DecoderLayer> layers, RmsNorm norm, Attention.Context context) {
    List<Tensor> inputs = new ArrayList<>();
    try (GradMode off = GradMode.off()) {
      Tensor x = embedded;
      for (DecoderLayer layer : layers) {
        inputs.add(x);
        x = layer.forward(x, context);
      }
      return new RecomputedForward(
          layers, norm, context, inputs, norm.forward(x).requires_grad_(true));
    }
  }

  /** Hidden states after the final norm, (B, T, C): a leaf, which collects a gradient. */
  public Tensor hidden() {
    return hidden;
  }

  /** Carries the gradient that {@link #hidden} has collected on to the adapter. */
  public void backward() {
    Tensor gradient = hidden.grad();
    for (int layer = layers.size() - 1; layer >= 0; layer--) {
      int index = layer;
      Tensor above = gradient;
      gradient = TensorScope.result(() -> backward(index, above));
    }
  }

  /** The gradient of a layer's input (B, T, C), from that of its output. */
  private Tensor backward(int index, Tensor above) {
    try (GradMode on = GradMode.on()) {
      Tensor x = inputs.get(index).detach().requires_grad_(true);
      Tensor y = layers.get(index).forward(x, context);
      boolean last = index == layers.size() - 1;
      (last ? norm.forward(y) : y)
          .backward(above, new BoolOptional(false), false, new TensorArrayRefOptional());
      return x.grad().detach(); // grad() itself only points into x
    }
  }
}
