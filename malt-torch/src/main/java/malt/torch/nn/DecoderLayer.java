package malt.torch.nn;

import malt.torch.tensor.TensorScope;
import org.bytedeco.pytorch.Tensor;

/** x + attention(norm(x)), then x + feedForward(norm(x)). */
record DecoderLayer(
    RmsNorm attentionNorm, Attention attention, RmsNorm feedNorm, FeedForward feed) {

  /** x (B, T, C) to (B, T, C). */
  Tensor forward(Tensor x, Attention.Context context) {
    return TensorScope.result(
        () -> {
          Tensor h = x.add(attention.forward(attentionNorm.forward(x), context));
          return h.add(feed.forward(feedNorm.forward(h), context.adapter()));
        });
  }
}
