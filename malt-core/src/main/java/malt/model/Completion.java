package malt.model;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * A sampled completion, token in, token out: training concatenates these ids and never encodes the
 * text again. Arrays are empty where a remote model does not return them, and are not to be
 * changed.
 *
 * @param text decoded ids without the end-of-text token
 * @param promptIds the whole prompt as the model saw it, (P)
 * @param ids new tokens including the end-of-text token if there is one, (N)
 * @param logProbs log-probability of each id at temperature 1 without truncation, (N)
 * @param seed the seed that drew it
 * @param remarks what was out of the ordinary
 */
public record Completion(
    String text,
    int[] promptIds,
    int[] ids,
    float[] logProbs,
    FinishReason finish,
    AdapterRef adapter,
    long seed,
    Set<Remark> remarks) {
  private static final int[] NO_IDS = new int[0];
  private static final float[] NO_LOG_PROBS = new float[0];

  public Completion {
    remarks = Set.copyOf(remarks);
  }

  /** As it should be. */
  public Completion(
      String text,
      int[] promptIds,
      int[] ids,
      float[] logProbs,
      FinishReason finish,
      AdapterRef adapter,
      long seed) {
    this(text, promptIds, ids, logProbs, finish, adapter, seed, Set.of());
  }

  /** Of a model that failed, for the reason remarked. */
  public static Completion failed(AdapterRef adapter, long seed, Remark why) {
    return new Completion(
        "", NO_IDS, NO_IDS, NO_LOG_PROBS, FinishReason.FAILED, adapter, seed, Set.of(why));
  }

  /** The same, with one more thing to say about it. */
  public Completion remarked(Remark remark) {
    Set<Remark> more = new HashSet<>(remarks);
    more.add(remark);
    return new Completion(text, promptIds, ids, logProbs, finish, adapter, seed, more);
  }

  /** Sum of the token log-probabilities, in nats. */
  public double logProb() {
    double sum = 0;
    for (float logProb : logProbs) {
      sum += logProb;
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Completion that
        && text.equals(that.text)
        && Arrays.equals(promptIds, that.promptIds)
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(logProbs, that.logProbs)
        && finish == that.finish
        && adapter.equals(that.adapter)
        && seed == that.seed
        && remarks.equals(that.remarks);
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, Arrays.hashCode(ids), finish, seed);
  }
}
