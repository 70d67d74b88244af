package malt.torch.nn;

import malt.torch.adapter.LoraAdapter;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Grouped-query attention (Ainslie et al. 2023) with rotary positions.
 *
 * @param queryNorm over each head of the queries (Qwen3, Gemma 3); null for none
 * @param keyNorm likewise
 * @param scale of the scores
 */
record Attention(
    Linear query,
    Linear key,
    Linear value,
    Linear output,
    @Nullable RmsNorm queryNorm,
    @Nullable RmsNorm keyNorm,
    int heads,
    int groups,
    int headSize,
    double scale) {

  /**
   * What a layer is given in a forward.
   *
   * @param seen what its queries look at
   */
  record Context(Rotary.Angles angles, Seen seen, LoraAdapter adapter) {}

  /**
   * Lets queries (B, H, T, D) look at keys and values, of the tokens' own (B, G, T, D) and others.
   */
  interface Seen {
    /** softmax(scale q k') v, (B, H, T, D). */
    Tensor attend(Tensor q, Tensor k, Tensor v);

    /**
     * The tokens' own keys and values alone.
     *
     * @param mask which of them a query sees; null for its own and all before
     */
    static Seen own(@Nullable Tensor mask, double scale) {
      return (q, k, v) ->
          torch.scaled_dot_product_attention(
              q,
              perHead(k, q.size(1)),
              perHead(v, q.size(1)),
              mask == null ? new TensorOptional() : new TensorOptional(mask),
              0.0,
              mask == null,
              new DoubleOptional(scale),
              false);
    }
  }

  /** x (B, T, C) to (B, T, C). */
  Tensor forward(Tensor x, Context context) {
    Tensor q = split(query.forward(x, context.adapter()), heads);
    Tensor k = split(key.forward(x, context.adapter()), groups);
    Tensor v = split(value.forward(x, context.adapter()), groups);
    q = context.angles().rotate(RmsNorm.normed(queryNorm, q));
    k = context.angles().rotate(RmsNorm.normed(keyNorm, k));
    Tensor attended = context.seen().attend(q, k, v); // (B, H, T, D)
    Tensor joined = attended.transpose(1, 2).reshape(x.size(0), x.size(1), (long) heads * headSize);
    return output.forward(joined, context.adapter());
  }

  /** (B, T, n D) to (B, n, T, D). */
  private Tensor split(Tensor x, int n) {
    return x.view(x.size(0), x.size(1), n, headSize).transpose(1, 2);
  }

  /** Repeats each group's keys or values for its heads: (B, G, T, D) to (B, H, T, D). */
  static Tensor perHead(Tensor x, long heads) {
    long repeats = heads / x.size(1);
    if (repeats == 1) {
      return x;
    }
    return x.unsqueeze(2)
        .expand(x.size(0), x.size(1), repeats, x.size(2), x.size(3))
        .reshape(x.size(0), heads, x.size(2), x.size(3));
  }
}
