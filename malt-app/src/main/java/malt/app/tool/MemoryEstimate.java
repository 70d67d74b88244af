package malt.app.tool;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import malt.torch.weights.ModelConfig;
import malt.torch.weights.Precision;
import malt.torch.weights.TensorShapes;

/**
 * What memory a model takes, in bytes, worked out from its shape alone.
 *
 * @param weights all tensors as held; those mapped from files count too, though the system may take
 *     their pages back
 * @param sampling cache, activations and logits of a batch
 * @param step adapter, optimiser, activations and logits of a LoRA step
 */
public record MemoryEstimate(long weights, long sampling, long step) {
  private static final long LOGITS = 1L << 23; // that are there together in training
  private static final long WIDENED = 1L << 24; // numbers of a matrix that are widened together

  /**
   * What is done with the model.
   *
   * @param rows completions sampled together
   * @param tokens of each, its prompt included
   * @param microBatchTokens in one forward of training; half of them are completions
   * @param recompute activations in the backward
   */
  public record Use(
      int rows,
      int tokens,
      int microBatchTokens,
      int rank,
      List<String> targets,
      boolean recompute) {
    Use recomputing(boolean whether) {
      return new Use(rows, tokens, microBatchTokens, rank, targets, whether);
    }
  }

  /**
   * @param stored bytes of a number in the file
   */
  public static MemoryEstimate of(ModelConfig config, Precision precision, int stored, Use use) {
    long computing = precision == Precision.BFLOAT16 ? 2 : 4;
    long held = precision == Precision.MIXED ? stored : computing;
    long step =
        optimiser(config, use)
            + (use.recompute() ? recomputed(config, computing, use) : kept(config, computing, use))
            + targets(config, use)
            + (held < computing ? 4 * WIDENED : 0);
    return new MemoryEstimate(elements(config, "") * held, sampling(config, computing, use), step);
  }

  private static long sampling(ModelConfig config, long bytes, Use use) {
    long all = (long) use.rows() * use.tokens();
    long grouped = (long) config.keyValueHeads() * config.headSize();
    long cache = 2L * config.layers() * grouped * all * Float.BYTES; // whatever is computed in
    long prefill = perLayer(config) * Math.min(all, 1024) * bytes; // tokens read at once
    long logits = 24L * use.rows() * config.vocabularySize(); // themselves, softmax, running sums
    return cache + prefill + logits;
  }

  /** The adapter: value, gradient and AdamW's two moments, 32 bits each. */
  private static long optimiser(ModelConfig config, Use use) {
    long numbers = 0;
    for (Map.Entry<String, long[]> entry : TensorShapes.of(config).entrySet()) {
      long[] shape = entry.getValue();
      boolean targeted =
          use.targets().stream().anyMatch(target -> entry.getKey().endsWith(target + ".weight"));
      numbers += targeted ? use.rank() * (shape[0] + shape[1]) : 0;
    }
    return 16 * numbers;
  }

  /** What the backward needs of all layers, and what one layer works with. */
  private static long kept(ModelConfig config, long bytes, Use use) {
    long attention = (long) config.heads() * config.headSize();
    long grouped = (long) config.keyValueHeads() * config.headSize();
    long heads = 2 * attention + 2 * grouped; // queries, keys, values, output; 32 bits
    long others = 2L * (config.hiddenSize() + config.intermediateSize());
    return (config.layers() * (4 * heads + bytes * others) + bytes * perLayer(config))
        * use.microBatchTokens();
  }

  /** The inputs of all layers; activations and their gradients of one. */
  private static long recomputed(ModelConfig config, long bytes, Use use) {
    long inputs = (long) config.layers() * config.hiddenSize();
    return (inputs + 2 * perLayer(config)) * use.microBatchTokens() * bytes;
  }

  /** Some logits, themselves and what is made of them; sums and slopes of all positions. */
  private static long targets(ModelConfig config, Use use) {
    long positions = Math.max(1, use.microBatchTokens() / 2L);
    return 8 * Math.min(LOGITS, positions * config.vocabularySize())
        + 12 * positions * config.hiddenSize();
  }

  private static long elements(ModelConfig config, String prefix) {
    return TensorShapes.of(config).entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToLong(entry -> LongStream.of(entry.getValue()).reduce(1, (a, b) -> a * b))
        .sum();
  }

  /** Numbers of activations that a layer makes of one token. */
  private static long perLayer(ModelConfig config) {
    long attention = (long) config.heads() * config.headSize();
    long grouped = (long) config.keyValueHeads() * config.headSize();
    return 6L * config.hiddenSize()
        + 6 * attention // queries, rotated and turned; repeated keys and values; output
        + 4 * grouped
        + 5L * config.intermediateSize();
  }
}
