package malt.torch.nn;

import java.util.List;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Causal attention, forward and backward, a block of queries at a time: no more of the scores than
 * a block's are ever there, keys after a block are not looked at, and the backward works the scores
 * out again (Dao et al. 2022). The queries of all heads that share keys are multiplied together.
 *
 * @param parts which tokens see which
 * @param window how many keys a query sees, its own included; 0 for all
 * @param scale of the scores
 * @param future minus infinity where a block's query must not see a key of its own block, else 0
 */
record BlockAttention(List<AttentionPart> parts, int window, double scale, Tensor future)
    implements PartAttention {
  private static final int BLOCK = 128; // queries

  /** What hides from a block's queries the keys that come after them. */
  static Tensor future(Tensors tensors, ScalarType type) {
    return hidden(tensors, type, BLOCK, BLOCK).triu(1);
  }

  /** One block of a part, in one group. */
  private record Block(AttentionPart part, int group, int from, int count, int firstKey) {
    int keys() {
      return part.before() + from + count - firstKey;
    }

    /** (count R, D), in memory of its own. */
    Tensor queries(Tensor all) {
      return rows(all).reshape((long) count * all.size(2), all.size(3)).contiguous();
    }

    /** (count, R, D). */
    Tensor rows(Tensor all) {
      return all.select(1, group).narrow(0, (long) part.first() + from, count);
    }

    /** Of all keys of the part, (keys, D), those that the block sees. */
    Tensor keys(Tensor partKeys) {
      return partKeys.narrow(0, firstKey, keys());
    }
  }

  /** What is done with a block. */
  private interface BlockWork {
    void with(Block block);
  }

  @Override
  public Tensor forward(Tensor q, Tensor k, Tensor v) {
    Tensor value = q.new_empty(Tensors.shape(q));
    for (AttentionPart part : parts) {
      for (int group = 0; group < q.size(1); group++) {
        try (TensorScope scope = new TensorScope()) {
          Tensor keys = gathered(k, part, group);
          Tensor values = gathered(v, part, group);
          blocks(
              part,
              group,
              block -> {
                Tensor weights = weights(block, scaled(block.queries(q)), block.keys(keys));
                Tensor found = FrozenProduct.product(weights, block.keys(values).t());
                block.rows(value).copy_(found.view(block.count(), q.size(2), q.size(3)));
              });
        }
      }
    }
    return value;
  }

  @Override
  public Gradients backward(Tensor above, Tensor q, Tensor k, Tensor v) {
    Gradients sums = Gradients.of(q, k, v);
    for (AttentionPart part : parts) {
      for (int group = 0; group < q.size(1); group++) {
        try (TensorScope scope = new TensorScope()) {
          backward(part, group, above, q, k, v, sums);
        }
      }
    }
    return sums;
  }

  private void backward(
      AttentionPart part, int group, Tensor above, Tensor q, Tensor k, Tensor v, Gradients sums) {
    Tensor keys = gathered(k, part, group);
    Tensor values = gathered(v, part, group);
    Tensor ofKeys = keys.new_zeros(Tensors.shape(keys));
    Tensor ofValues = values.new_zeros(Tensors.shape(values));
    blocks(
        part,
        group,
        block -> {
          Tensor queries = scaled(block.queries(q));
          Tensor ofResult = block.queries(above);
          Tensor weights = weights(block, queries, block.keys(keys));
          block.keys(ofValues).add_(FrozenProduct.product(weights.t(), ofResult.t()));
          Tensor ofWeights = FrozenProduct.product(ofResult, block.keys(values));
          Tensor ofScores = throughSoftmax(ofWeights, weights);
          block.keys(ofKeys).add_(FrozenProduct.product(ofScores.t(), queries.t()));
          Tensor ofQueries = scaled(FrozenProduct.product(ofScores, block.keys(keys).t()));
          block.rows(sums.q()).copy_(ofQueries.view(block.count(), q.size(2), q.size(3)));
        });
    scatter(ofKeys, sums.k(), part, group);
    scatter(ofValues, sums.v(), part, group);
  }

  private void blocks(AttentionPart part, int group, BlockWork work) {
    for (int from = 0; from < part.count(); from += BLOCK) {
      int firstKey = window == 0 ? 0 : Math.max(0, part.before() + from + 1 - window);
      int count = Math.min(BLOCK, part.count() - from);
      try (TensorScope scope = new TensorScope()) {
        work.with(new Block(part, group, from, count, firstKey));
      }
    }
  }

  /** softmax of the scores of a block's queries (count R, D) and keys (keys, D). */
  private Tensor weights(Block block, Tensor queries, Tensor keys) {
    Tensor scores = FrozenProduct.product(queries, keys); // (count R, keys)
    long count = block.count();
    Tensor byQuery = scores.view(count, -1, block.keys());
    Tensor last = byQuery.narrow(2, block.keys() - count, count); // the block's own keys
    last.add_(future.narrow(0, 0, count).narrow(1, 0, count).unsqueeze(1));
    int first = block.keys() - block.count(); // the key of the first query
    if (window > 0 && first + count > window) {
      Tensor past =
          hidden(Tensors.beside(scores), Tensors.type(scores), count, block.keys())
              .tril(first - window);
      byQuery.add_(past.unsqueeze(1));
    }
    return torch.softmax(scores, -1);
  }

  private static Tensor hidden(Tensors tensors, ScalarType type, long queries, long keys) {
    return tensors.filled(Double.NEGATIVE_INFINITY, type, queries, keys);
  }

  /** w (g - sum of g w), from the weights w and their gradient g, in the memory of g. */
  private static Tensor throughSoftmax(Tensor above, Tensor weights) {
    Tensor each = above.mul_(weights);
    Tensor sum = each.sum(new long[] {-1}, true, new ScalarTypeOptional());
    return each.addcmul_(weights, sum, Tensors.scalar(-1));
  }

  private Tensor scaled(Tensor x) {
    return x.mul(Tensors.scalar(scale));
  }

  /** The keys or values that a part sees of a group, its trunk's first, (before + count, D). */
  private static Tensor gathered(Tensor all, AttentionPart part, int group) {
    Tensor ofGroup = all.select(1, group);
    Tensor own = ofGroup.narrow(0, part.first(), part.count());
    return part.before() == 0
        ? own.contiguous()
        : Tensors.cat(0, ofGroup.narrow(0, part.trunk(), part.before()), own);
  }

  private static void scatter(Tensor gathered, Tensor sums, AttentionPart part, int group) {
    Tensor ofGroup = sums.select(1, group);
    ofGroup
        .narrow(0, part.first(), part.count())
        .add_(gathered.narrow(0, part.before(), part.count()));
    if (part.before() > 0) {
      ofGroup.narrow(0, part.trunk(), part.before()).add_(gathered.narrow(0, 0, part.before()));
    }
  }
}
