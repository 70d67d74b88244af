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
  private static final long CHUNK = 1L << 24; // logits computed together in training

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
            + (held < computing ? widened(config, use) : 0);
    return new MemoryEstimate(elements(config, "") * held, sampling(config, computing, use), step);
  }

  private static long sampling(ModelConfig config, long bytes, Use use) {
    long all = (long) use.rows() * use.tokens();
    long grouped = (long) config.keyValueHeads() * config.headSize();
    long cache = 2L * config.layers() * grouped * all * bytes;
    long prefill = perLayer(config) * all * bytes; // prompts are nearly as long as the whole
    long logits = 12L * use.rows() * config.vocabularySize();
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

  /** Activations of all layers, and all logits: themselves, their softmax, their gradient. */
  private static long kept(ModelConfig config, long bytes, Use use) {
    return config.layers() * perLayer(config) * use.microBatchTokens() * bytes
        + logits(config, use);
  }

  /** The inputs of all layers; activations and their gradients of one; a chunk of logits. */
  private static long recomputed(ModelConfig config, long bytes, Use use) {
    long inputs = (long) config.layers() * config.hiddenSize();
    return (inputs + 2 * perLayer(config)) * use.microBatchTokens() * bytes
        + Math.min(logits(config, use), 12 * Math.max(CHUNK, config.vocabularySize()));
  }

  private static long logits(ModelConfig config, Use use) {
    return 12 * Math.max(1, use.microBatchTokens() / 2L) * config.vocabularySize();
  }

  /** Widened matrices that a backward needs: the head's and one layer's, or all. */
  private static long widened(ModelConfig config, Use use) {
    long head = (long) config.vocabularySize() * config.hiddenSize();
    return 4
        * (use.recompute() ? head + elements(config, "model.layers.0.") : elements(config, ""));
  }

  private static long elements(ModelConfig config, String prefix) {
    return TensorShapes.of(config).entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .mapToLong(entry -> LongStream.of(entry.getValue()).reduce(1, (a, b) -> a * b))
        .sum();
  }

  /** Numbers of activations that a layer makes of one token, kept for its backward. */
  private static long perLayer(ModelConfig config) {
    long attention = (long) config.heads() * config.headSize();
    long grouped = (long) config.keyValueHeads() * config.headSize();
    return 6L * config.hiddenSize()
        + 6 * attention // queries, rotated and turned; repeated keys and values; output
        + 4 * grouped
        + 5L * config.intermediateSize();
  }
}
