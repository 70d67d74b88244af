package malt.torch.nn;

import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Attention's forward, which keeps what its backward wants. Heads are (N, heads, D), in 32 bits or
 * more.
 *
 * @param plainQueries before they are normed, where they are; null where not
 * @param plainKeys likewise
 * @param result of each head, (N, groups, heads of each, D)
 */
record AdaptedAttention(
    Attention maps,
    AdaptedLayer.Context context,
    @Nullable Tensor plainQueries,
    @Nullable Tensor plainKeys,
    Tensor q,
    Tensor k,
    Tensor v,
    Tensor result) {

  /** Of x (N, C). */
  static AdaptedAttention of(Attention maps, AdaptedLinear.Input x, AdaptedLayer.Context context) {
    Tensor q = split(context.linear(maps.query()).forward(x), maps.heads(), maps.headSize());
    Tensor k = split(context.linear(maps.key()).forward(x), maps.groups(), maps.headSize());
    Tensor v = split(context.linear(maps.value()).forward(x), maps.groups(), maps.headSize());
    Tensor rotatedQ = context.angles().rotate(RmsNorm.normed(maps.queryNorm(), q));
    Tensor rotatedK = context.angles().rotate(RmsNorm.normed(maps.keyNorm(), k));
    return new AdaptedAttention(
        maps,
        context,
        maps.queryNorm() == null ? null : q,
        maps.keyNorm() == null ? null : k,
        rotatedQ,
        rotatedK,
        v,
        context.attention().forward(grouped(rotatedQ, maps), rotatedK, v));
  }

  /** Hands what is kept on to the scope around. */
  AdaptedAttention keptOutside(TensorScope scope) {
    for (Tensor each : new @Nullable Tensor[] {plainQueries, plainKeys, q, k, v, result}) {
      if (each != null) {
        scope.handOn(each);
      }
    }
    return this;
  }

  /** (N, C), of the type of what it was made of. */
  Tensor output(ScalarType type) {
    return context.linear(maps.output()).forward(joined(type));
  }

  private AdaptedLinear.Input joined(ScalarType type) {
    return new AdaptedLinear.Input(result.view(q.size(0), -1).to(type));
  }

  /**
   * The gradient of x (N, C).
   *
   * @param above gradient of the output
   */
  Tensor backward(Tensor above, AdaptedLinear.Input x) {
    ScalarType type = Tensors.type(above);
    Tensor joinedAbove = context.linear(maps.output()).backward(above, joined(type));
    PartAttention.Gradients gradients =
        context
            .attention()
            .backward(grouped(joinedAbove.to(Tensors.type(q)), maps), grouped(q, maps), k, v);
    Tensor ofQ = context.angles().rotatedBack(gradients.q().view(Tensors.shape(q)));
    Tensor ofK = context.angles().rotatedBack(gradients.k());
    return mapped(maps.query(), RmsNorm.unnormed(maps.queryNorm(), ofQ, plainQueries), x)
        .add_(mapped(maps.key(), RmsNorm.unnormed(maps.keyNorm(), ofK, plainKeys), x))
        .add_(mapped(maps.value(), gradients.v(), x));
  }

  private Tensor mapped(Linear map, Tensor above, AdaptedLinear.Input x) {
    return context.linear(map).backward(above.reshape(above.size(0), -1), x);
  }

  /** (N, n D) to (N, n, D). */
  private static Tensor split(Tensor x, long n, long headSize) {
    Tensor heads = x.view(x.size(0), n, headSize);
    return Tensors.type(x) == ScalarType.Double ? heads : heads.to(ScalarType.Float);
  }

  /** (N, H, D) or (N, H D) to (N, G, R, D). */
  private static Tensor grouped(Tensor x, Attention maps) {
    return x.view(x.size(0), maps.groups(), maps.heads() / maps.groups(), maps.headSize());
  }
}
