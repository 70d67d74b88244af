package malt.model;

import java.util.Arrays;
import java.util.Objects;
import malt.problem.Response;

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
 */
public record Completion(
    String text,
    int[] promptIds,
    int[] ids,
    float[] logProbs,
    FinishReason finish,
    AdapterRef adapter,
    long seed) {

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
        && seed == that.seed;
  }

  @Override
  public int hashCode() {
    return Objects.hash(text, Arrays.hashCode(ids), finish, seed);
  }
}
