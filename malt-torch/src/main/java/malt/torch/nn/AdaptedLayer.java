package malt.torch.nn;

import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A decoder layer's forward, which keeps what its backward wants and is dear to compute again: not
 * what norms and the feed-forward's nonlinearity give. Gradients are worked out by hand, since only
 * the adapter's and the input's are wanted.
 *
 * @param x the input, (N, C)
 * @param middle the input of the feed-forward's norm, (N, C)
 * @param gate of the feed-forward, (N, F)
 * @param up likewise
 * @param output (N, C)
 */
record AdaptedLayer(
    DecoderLayer layer,
    Context context,
    Tensor x,
    AdaptedAttention attention,
    Tensor middle,
    Tensor gate,
    Tensor up,
    Tensor output) {

  /** What all layers of one forward share. */
  record Context(Rotary.Angles angles, BlockAttention attention, LoraAdapter adapter) {
    AdaptedLinear linear(Linear base) {
      return new AdaptedLinear(base, adapter);
    }
  }

  static AdaptedLayer of(DecoderLayer layer, Tensor x, Context context) {
    try (TensorScope scope = new TensorScope()) {
      FeedForward feed = layer.feed();
      AdaptedLinear.Input normed = new AdaptedLinear.Input(layer.attentionNorm().forward(x));
      AdaptedAttention attention = AdaptedAttention.of(layer.attention(), normed, context);
      Tensor middle = attention.output(Tensors.type(x)).add_(x);
      AdaptedLinear.Input middleNormed = new AdaptedLinear.Input(layer.feedNorm().forward(middle));
      Tensor gate = context.linear(feed.gate()).forward(middleNormed);
      Tensor up = context.linear(feed.up()).forward(middleNormed);
      AdaptedLinear.Input product = new AdaptedLinear.Input(product(gate, up));
      Tensor output = context.linear(feed.down()).forward(product).add_(middle);
      return new AdaptedLayer(
          layer,
          context,
          x,
          attention.keptOutside(scope),
          scope.handOn(middle),
          scope.handOn(gate),
          scope.handOn(up),
          scope.handOn(output));
    }
  }

  /** The gradient of x from that of the output; the adapter collects its own. */
  Tensor backward(Tensor above) {
    return TensorScope.result(
        () -> {
          Tensor ofMiddle = above.add(layer.feedNorm().backward(feedBackward(above), middle));
          AdaptedLinear.Input normed = new AdaptedLinear.Input(layer.attentionNorm().forward(x));
          Tensor ofNormed = attention.backward(ofMiddle, normed);
          return layer.attentionNorm().backward(ofNormed, x).add_(ofMiddle);
        });
  }

  /** The gradient of the feed-forward's normed input. */
  private Tensor feedBackward(Tensor above) {
    return TensorScope.result(
        () -> {
          FeedForward feed = layer.feed();
          AdaptedLinear.Input product = new AdaptedLinear.Input(product(gate, up));
          Tensor ofProduct = context.linear(feed.down()).backward(above, product);
          Tensor ofUp = torch.silu(gate).mul_(ofProduct);
          Tensor ofGate = torch.silu_backward(ofProduct.mul_(up), gate);
          AdaptedLinear.Input normed = new AdaptedLinear.Input(layer.feedNorm().forward(middle));
          return context
              .linear(feed.gate())
              .backward(ofGate, normed)
              .add_(context.linear(feed.up()).backward(ofUp, normed));
        });
  }

  private static Tensor product(Tensor gate, Tensor up) {
    return torch.silu(gate).mul_(up);
  }
}
