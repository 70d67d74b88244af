package malt.app.tool;

import java.util.List;
import java.util.Map;
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
    Map<String, long[]> shapes = TensorShapes.of(config);
    long weights = shapes.values().stream().mapToLong(MemoryEstimate::elements).sum() * held;
    boolean widens = held < computing;
    return new MemoryEstimate(
        weights, sampling(config, computing, use), step(config, shapes, computing, widens, use));
  }

  private static long sampling(ModelConfig config, long bytes, Use use) {
    long all = (long) use.rows() * use.tokens();
    long grouped = (long) config.keyValueHeads() * config.headSize();
    long cache = 2L * config.layers() * grouped * all * bytes;
    long prefill = perLayer(config) * all * bytes; // prompts are nearly as long as the whole
    long logits = 12L * use.rows() * config.vocabularySize();
    return cache + prefill + logits;
  }

  private static long step(
      ModelConfig config, Map<String, long[]> shapes, long bytes, boolean widens, Use use) {
    long adapter = 0;
    for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
      long[] shape = entry.getValue();
      boolean targeted =
          use.targets().stream().anyMatch(target -> entry.getKey().endsWith(target + ".weight"));
      adapter += targeted ? use.rank() * (shape[0] + shape[1]) : 0;
    }
    long optimiser = 16 * adapter; // value, gradient and AdamW's two moments, 32 bits each
    long layer = perLayer(config) * use.microBatchTokens() * bytes;
    long inputs = (long) config.hiddenSize() * use.microBatchTokens() * bytes;
    long completions = Math.max(1, use.microBatchTokens() / 2);
    long logits = 12 * completions * config.vocabularySize();
    if (use.recompute()) {
      long oneLayerWidened =
          widens
              ? 4
                  * shapes.entrySet().stream()
                      .filter(entry -> entry.getKey().startsWith("model.layers.0."))
                      .mapToLong(entry -> elements(entry.getValue()))
                      .sum()
              : 0;
      return optimiser
          + (long) config.layers() * inputs
          + 2 * layer
          + oneLayerWidened
          + Math.min(logits, 12 * Math.max(CHUNK, config.vocabularySize()))
          + (widens ? 4L * config.vocabularySize() * config.hiddenSize() : 0);
    }
    long allWidened =
        widens ? 4 * shapes.values().stream().mapToLong(MemoryEstimate::elements).sum() : 0;
    return optimiser + (long) config.layers() * layer + logits + allWidened;
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

  private static long elements(long[] shape) {
    long product = 1;
    for (long size : shape) {
      product *= size;
    }
    return product;
  }
}
