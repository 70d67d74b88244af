package malt.torch.training;

import java.util.Arrays;
import java.util.List;
import malt.torch.tensor.Tensors;
import malt.training.PpoSettings;
import malt.training.PpoSettings.Level;
import org.bytedeco.pytorch.Tensor;

/**
 * Proximal policy optimisation over completions whose advantages and log-probabilities when they
 * were sampled are known.
 *
 * @param data sequences that were {@link TokenSequence.Sampled}
 * @param reference log-probability of each token under the adapter that training starts from,
 *     completion by completion; empty where the divergence from it has no weight
 */
record PpoObjective(PpoSettings settings, List<TokenSequence> data, List<float[]> reference)
    implements Objective {

  PpoObjective withReference(List<float[]> logProbs) {
    return new PpoObjective(settings, data, logProbs);
  }

  @Override
  public int examples() {
    return data.size();
  }

  @Override
  public List<TokenSequence> sequences(int example) {
    return List.of(data.get(example));
  }

  /** Its ratios: one for each token, or one. */
  @Override
  public double share(int example) {
    return byToken() ? data.get(example).completion().length : 1;
  }

  private boolean byToken() {
    return settings.level() == Level.TOKEN;
  }

  @Override
  public Tensor loss(int[] examples, SequenceLogProbs logProbs, double total, Metrics metrics) {
    MicroBatch batch = MicroBatch.of(this, examples);
    Tensors beside = Tensors.beside(logProbs.tokens());
    Tensor advantages = beside.ofFloats(batch.advantages, -1); // (N)
    Tensor logRatios = logProbs.tokens().sub(beside.ofFloats(batch.sampled, -1)); // (N)
    if (!byToken()) {
      Tensor lengths = beside.ofFloats(batch.lengths, -1); // (B)
      logRatios = logProbs.sums(logRatios).div(lengths);
      advantages = logProbs.sums(advantages).div(lengths);
    }
    PpoLoss.Terms terms = PpoLoss.of(settings).of(logRatios, advantages);
    Tensor loss = terms.loss().sum().mul(Tensors.scalar(1 / total));
    if (settings.klWeight() != 0) {
      Tensor each = PpoLoss.divergence(logProbs.tokens(), beside.ofFloats(batch.reference, -1));
      Tensor divergence = each.mul(beside.ofFloats(batch.weights, -1)).sum();
      loss = loss.add(divergence, Tensors.scalar(settings.klWeight() / total));
      metrics.add("kl", divergence.item_double() / total);
    }
    metrics.add("loss", loss.item_double());
    measure(Tensors.floats(terms.ratios()), Tensors.floats(advantages), total, metrics);
    return loss;
  }

  /** The mean ratio, and the shares of the ratios that are clipped, and teach nothing. */
  private void measure(float[] ratios, float[] advantages, double total, Metrics metrics) {
    for (int i = 0; i < ratios.length; i++) {
      boolean low = ratios[i] < 1 - settings.clipLow() && advantages[i] < 0;
      boolean high = ratios[i] > 1 + settings.clipHigh() && advantages[i] > 0;
      metrics.add("ratio", ratios[i] / total);
      metrics.add("clip_ratio/low_mean", low ? 1 / total : 0);
      metrics.add("clip_ratio/high_mean", high ? 1 / total : 0);
    }
  }

  /**
   * What is known of a micro-batch's N tokens and B completions.
   *
   * @param sampled log-probabilities when they were sampled, (N)
   * @param advantages of each token's completion, (N)
   * @param reference log-probabilities under the reference, (N); zeros where there is none
   * @param weights of each token in the divergence: its completion's share over its length, (N)
   * @param lengths (B)
   */
  private record MicroBatch(
      float[] sampled, float[] advantages, float[] reference, float[] weights, float[] lengths) {
    static MicroBatch of(PpoObjective objective, int[] examples) {
      float[] lengths = new float[examples.length];
      int tokens = 0;
      for (int i = 0; i < examples.length; i++) {
        int length = objective.data.get(examples[i]).completion().length;
        lengths[i] = length;
        tokens += length;
      }
      MicroBatch batch =
          new MicroBatch(
              new float[tokens], new float[tokens], new float[tokens], new float[tokens], lengths);
      int from = 0;
      for (int example : examples) {
        from += batch.put(objective, example, from);
      }
      return batch;
    }

    private int put(PpoObjective objective, int example, int from) {
      TokenSequence sequence = objective.data.get(example);
      TokenSequence.Sampled known = sequence.asSampled();
      int length = sequence.completion().length;
      System.arraycopy(known.logProbs(), 0, sampled, from, length);
      Arrays.fill(advantages, from, from + length, (float) known.advantage());
      double weight = objective.share(example) / length;
      Arrays.fill(weights, from, from + length, (float) weight);
      if (!objective.reference.isEmpty()) {
        System.arraycopy(objective.reference.get(example), 0, reference, from, length);
      }
      return length;
    }
  }
}
