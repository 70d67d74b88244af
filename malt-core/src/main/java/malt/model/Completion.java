package malt.model;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import malt.problem.Response;

/**
 * A sampled completion, token in, token out: training concatenates these ids and never encodes the
 * text again. Arrays are empty where a remote model does not return them, and are not to be
 * changed.
 *
 * @param text decoded ids without what ended it: an end-of-text token, or a stop text and what
 *     followed it
 * @param promptIds the whole prompt as the model saw it, (P)
 * @param ids new tokens including those that ended it, (N)
 * @param logProbs log-probability of each id at temperature 1 without truncation, (N); one fewer
 *     where a server left out the end, which was added then
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
    Set<Remark> remarks)
    implements Serializable {
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

  private static final String THOUGHTS = "<think>";
  private static final String END_OF_THOUGHTS = "</think>";

  /**
   * What a reasoning model said to others: what stands behind its thoughts, and nothing where it
   * was cut off while thinking. The whole text of any other.
   */
  public String said() {
    int end = text.lastIndexOf(END_OF_THOUGHTS);
    String behind = end < 0 ? text : text.substring(end + END_OF_THOUGHTS.length());
    int thinking = behind.indexOf(THOUGHTS);
    return thinking < 0 ? behind : behind.substring(0, thinking);
  }

  /** The text as graders get it. */
  public Response response() {
    return new Response(text, finish == FinishReason.LENGTH);
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
