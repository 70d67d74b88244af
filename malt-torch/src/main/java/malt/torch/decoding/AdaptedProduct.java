package malt.torch.decoding;

import java.util.ArrayList;
import java.util.List;
import malt.torch.adapter.LoraAdapter;
import malt.torch.nn.Activation;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Linear maps of one input side by side, with what an adapter adds to them: all their A as one
 * matrix, all their B as one of blocks, y = W x + scale B A x (Hu et al. 2021, equation 3).
 */
final class AdaptedProduct implements AutoCloseable {
  private final Product base; // not owned
  private final @Nullable Product narrow; // (all ranks, in), float32
  private final @Nullable Product wide; // (out, all ranks), scaled, float32
  private final List<Tensor> owned;

  private AdaptedProduct(
      Product base, @Nullable Product narrow, @Nullable Product wide, List<Tensor> owned) {
    this.base = base;
    this.narrow = narrow;
    this.wide = wide;
    this.owned = owned;
  }

  /**
   * A share of the outputs, or of the inputs: then the product is one part of a sum.
   *
   * @param modules names of the maps, in order
   * @param sizes outputs of each
   */
  static AdaptedProduct of(
      Product base, LoraAdapter adapter, Part part, List<String> modules, long... sizes) {
    List<LoraAdapter.Pair> pairs = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    long outputs = 0;
    for (int i = 0; i < sizes.length; i++) {
      LoraAdapter.Pair pair = adapter.pairs().get(modules.get(i));
      if (pair != null) {
        pairs.add(pair);
        offsets.add(outputs);
      }
      outputs += sizes[i];
    }
    if (pairs.isEmpty()) {
      return new AdaptedProduct(base, null, null, List.of());
    }
    long allOutputs = outputs;
    Tensor narrow =
        Tensors.kept(
            () ->
                part.ofInputs(
                    Tensors.cat(0, pairs.stream().map(p -> p.a()).toArray(Tensor[]::new))));
    Tensor wide =
        Tensors.kept(() -> part.ofOutputs(blocks(pairs, offsets, allOutputs, adapter.scale())));
    return new AdaptedProduct(
        base,
        Product.of(List.of(narrow), List.of(), ScalarType.Float, true),
        Product.of(List.of(wide), List.of(), ScalarType.Float, true),
        List.of(narrow, wide));
  }

  /** What of a map belongs to a shard. */
  record Part(Shard outputs, Shard inputs) {
    static Part outputs(Shard shard) {
      return new Part(shard, Shard.WHOLE);
    }

    static Part inputs(Shard shard) {
      return new Part(Shard.WHOLE, shard);
    }

    /** The columns of a matrix (rows, in). */
    Tensor ofInputs(Tensor matrix) {
      return inputs.of(matrix, 1).contiguous();
    }

    /** The rows of a matrix (out, columns). */
    Tensor ofOutputs(Tensor matrix) {
      return outputs.of(matrix, 0).contiguous();
    }
  }

  private static Tensor blocks(
      List<LoraAdapter.Pair> pairs, List<Long> offsets, long outputs, double scale) {
    long ranks = pairs.stream().mapToLong(pair -> pair.a().size(0)).sum();
    Tensor blocks = Tensors.MAIN.filled(0, ScalarType.Float, outputs, ranks);
    long rank = 0;
    for (int i = 0; i < pairs.size(); i++) {
      Tensor b = pairs.get(i).b();
      blocks
          .narrow(0, offsets.get(i), b.size(0))
          .narrow(1, rank, b.size(1))
          .copy_(b.mul(Tensors.scalar(scale)));
      rank += b.size(1);
    }
    return blocks;
  }

  /** W x + b, and what the adapter adds. */
  Tensor of(Tensor x) {
    return changed(x, base.of(x));
  }

  /** The same, f of it. */
  Tensor gate(Tensor x, Activation f) {
    return narrow == null ? base.gate(x, f) : f.apply(of(x));
  }

  /** The same, multiplied with y element by element. */
  Tensor times(Tensor x, Tensor y) {
    return narrow == null ? base.times(x, y) : of(x).mul(y);
  }

  private Tensor changed(Tensor x, Tensor y) {
    if (narrow == null || wide == null) {
      return y;
    }
    Tensor down = narrow.of(x.to(ScalarType.Float)); // (N, all ranks)
    return Tensors.type(y) == ScalarType.Float
        ? wide.plus(down, y)
        : y.add(wide.of(down).to(Tensors.type(y)));
  }

  @Override
  public void close() {
    if (narrow != null && wide != null) {
      narrow.close();
      wide.close();
    }
    owned.forEach(Tensor::close);
  }
}
