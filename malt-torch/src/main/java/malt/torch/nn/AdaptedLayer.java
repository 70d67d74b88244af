package malt.torch.nn;

import malt.torch.adapter.LoraAdapter;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A decoder layer's forward, which keeps what its backward wants and is dear to compute again: not
 * what norms and the feed-forward's nonlinearity give. Gradients are worked out by hand, since only
 * the adapter's and the input's are wanted.
 *
 * @param x the input, (N, C)
 * @param attended what attention gives, where it is normed before it is added; null where not
 * @param middle the input of the feed-forward's norm, (N, C)
 * @param gate of the feed-forward, (N, F)
 * @param up likewise
 * @param fed what the feed-forward gives, where it is normed before it is added; null where not
 * @param output (N, C)
 */
record AdaptedLayer(
    DecoderLayer layer,
    Context context,
    Tensor x,
    AdaptedAttention attention,
    @Nullable Tensor attended,
    Tensor middle,
    Tensor gate,
    Tensor up,
    @Nullable Tensor fed,
    Tensor output) {

  /** What layers of one sight share in a forward. */
  record Context(Rotary.Angles angles, PartAttention attention, LoraAdapter adapter) {
    AdaptedLinear linear(Linear base) {
      return new AdaptedLinear(base, adapter);
    }
  }

  static AdaptedLayer of(DecoderLayer layer, Tensor x, Context context) {
    try (TensorScope scope = new TensorScope()) {
      FeedForward feed = layer.feed();
      AdaptedLinear.Input normed = new AdaptedLinear.Input(layer.attentionNorm().forward(x));
      AdaptedAttention attention = AdaptedAttention.of(layer.attention(), normed, context);
      Tensor attended = attention.output(Tensors.type(x));
      Tensor middle = added(layer.attendedNorm(), attended, x);
      AdaptedLinear.Input middleNormed = new AdaptedLinear.Input(layer.feedNorm().forward(middle));
      Tensor gate = context.linear(feed.gate()).forward(middleNormed);
      Tensor up = context.linear(feed.up()).forward(middleNormed);
      AdaptedLinear.Input product = new AdaptedLinear.Input(product(feed, gate, up));
      Tensor fed = context.linear(feed.down()).forward(product);
      Tensor output = added(layer.fedNorm(), fed, middle);
      return new AdaptedLayer(
          layer,
          context,
          x,
          attention.keptOutside(scope),
          layer.attendedNorm() == null ? null : scope.handOn(attended),
          scope.handOn(middle),
          scope.handOn(gate),
          scope.handOn(up),
          layer.fedNorm() == null ? null : scope.handOn(fed),
          scope.handOn(output));
    }
  }

  /** x and what is normed first where there is a norm; in memory of its own. */
  private static Tensor added(@Nullable RmsNorm norm, Tensor given, Tensor x) {
    return RmsNorm.normed(norm, given).add_(x);
  }

  /** The gradient of x from that of the output; the adapter collects its own. */
  Tensor backward(Tensor above) {
    return TensorScope.result(
        () -> {
          Tensor ofFed = RmsNorm.unnormed(layer.fedNorm(), above, fed);
          Tensor ofMiddle = above.add(layer.feedNorm().backward(feedBackward(ofFed), middle));
          Tensor ofAttended = RmsNorm.unnormed(layer.attendedNorm(), ofMiddle, attended);
          AdaptedLinear.Input normed = new AdaptedLinear.Input(layer.attentionNorm().forward(x));
          Tensor ofNormed = attention.backward(ofAttended, normed);
          return layer.attentionNorm().backward(ofNormed, x).add_(ofMiddle);
        });
  }

  /** The gradient of the feed-forward's normed input from that of what it gives. */
  private Tensor feedBackward(Tensor above) {
    return TensorScope.result(
        () -> {
          FeedForward feed = layer.feed();
          AdaptedLinear.Input product = new AdaptedLinear.Input(product(feed, gate, up));
          Tensor ofProduct = context.linear(feed.down()).backward(above, product);
          Tensor ofUp = feed.activation().apply(gate).mul_(ofProduct);
          Tensor ofGate = feed.activation().backward(ofProduct.mul_(up), gate);
          AdaptedLinear.Input normed = new AdaptedLinear.Input(layer.feedNorm().forward(middle));
          return context
              .linear(feed.gate())
              .backward(ofGate, normed)
              .add_(context.linear(feed.up()).backward(ofUp, normed));
        });
  }

  private static Tensor product(FeedForward feed, Tensor gate, Tensor up) {
    return feed.activation().apply(gate).mul_(up);
  }
}
