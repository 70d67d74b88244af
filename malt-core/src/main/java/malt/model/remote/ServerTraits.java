package malt.model.remote;

import org.jspecify.annotations.Nullable;

/**
 * What a server can do, found out once before the first sample.
 *
 * @param samples how many completions of one prompt it takes in a request, {@code n}; 1 for one
 * @param seed whether it takes a seed
 * @param ownSeeds whether it takes one for each completion, as {@code malt serve} does
 * @param tokenIds whether it returns ids when asked for them, as vLLM and {@code malt serve} do
 * @param logProbs how it returns log-probabilities
 * @param samplerKeys whether it takes the keys that switch off samplers which nobody asked for
 * @param base SHA-256 of the base model's configuration and weights; null where it does not tell
 * @param template SHA-256 of its chat template; null likewise
 */
public record ServerTraits(
    int samples,
    boolean seed,
    boolean ownSeeds,
    boolean tokenIds,
    LogProbs logProbs,
    boolean samplerKeys,
    @Nullable String base,
    @Nullable String template) {

  /** Of the sampled tokens; alternatives are never wanted. */
  public enum LogProbs {
    NONE,
    /** Asked for alone. */
    ALONE,
    /** With one alternative: llama.cpp sends twenty unless told, and nothing for none. */
    WITH_BEST
  }
}
