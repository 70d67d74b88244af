package malt.torch.nn;

import malt.torch.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * x + attention(norm(x)), then x + feedForward(norm(x)).
 *
 * @param attendedNorm of what attention gives, before it is added (Gemma); null for none
 * @param fedNorm likewise of what the feed-forward gives
 */
record DecoderLayer(
    RmsNorm attentionNorm,
    Attention attention,
    @Nullable RmsNorm attendedNorm,
    RmsNorm feedNorm,
    FeedForward feed,
    @Nullable RmsNorm fedNorm) {

  /** x (B, T, C) to (B, T, C). */
  Tensor forward(Tensor x, Attention.Context context) {
    return TensorScope.result(
        () -> {
          Tensor attended = attention.forward(attentionNorm.forward(x), context);
          Tensor h = x.add(RmsNorm.normed(attendedNorm, attended));
          Tensor fed = feed.forward(feedNorm.forward(h), context.adapter());
          return h.add(RmsNorm.normed(fedNorm, fed));
        });
  }
}
