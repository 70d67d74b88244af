package malt.torch.training;

import malt.data.PolicyExample;
import malt.model.Completion;
import org.jspecify.annotations.Nullable;

/**
 * A prompt x and a completion y of it.
 *
 * @param prompt (P), at least one id
 * @param completion (N), at least one id
 * @param sampled what is known of its sampling, where training asks for that; null where not
 */
public record TokenSequence(int[] prompt, int[] completion, @Nullable Sampled sampled) {
  /**
   * A completion as a policy drew it.
   *
   * @param logProbs of each id under that policy, in nats, (N)
   * @param advantage by how much it is better than what is expected of the policy
   */
  public record Sampled(float[] logProbs, double advantage) {}

  /** Of which nothing else is known. */
  public TokenSequence(int[] prompt, int[] completion) {
    this(prompt, completion, null);
  }

  /**
   * The ids that a completion was sampled with.
   *
   * @param name in the error
   * @throws IllegalArgumentException if the completion keeps no ids
   */
  static TokenSequence of(Completion completion, String name) {
    if (completion.promptIds().length == 0 || completion.ids().length == 0) {
      throw new IllegalArgumentException(
          "%s has %d prompt ids and %d completion ids; training needs both, as a local model returns"
              .formatted(name, completion.promptIds().length, completion.ids().length));
    }
    return new TokenSequence(completion.promptIds(), completion.ids());
  }

  /**
   * The same of a policy's completion.
   *
   * @throws IllegalArgumentException if ids or log-probabilities are missing
   */
  static TokenSequence of(PolicyExample example, String name) {
    TokenSequence ids = of(example.completion(), name);
    float[] logProbs = example.completion().logProbs();
    if (logProbs.length != ids.completion().length) {
      throw new IllegalArgumentException(
          "%s has %d ids and %d log-probabilities; PPO needs one of each id, as a local model returns"
              .formatted(name, ids.completion().length, logProbs.length));
    }
    Sampled sampled = new Sampled(logProbs, example.advantage());
    return new TokenSequence(ids.prompt(), ids.completion(), sampled);
  }

  /**
   * What is known of its sampling.
   *
   * @throws IllegalStateException if nothing is
   */
  public Sampled asSampled() {
    if (sampled == null) {
      throw new IllegalStateException("nothing is known of how this completion was sampled");
    }
    return sampled;
  }
}
