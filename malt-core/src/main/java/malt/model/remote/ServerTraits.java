package malt.model.remote;

import org.jspecify.annotations.Nullable;

/**
 * What a server can do, found out once before the first sample.
 *
 * @param manySamples whether it takes {@code n} completions of one prompt in a request
 * @param ownSeeds whether it takes a seed for each of them, as {@code malt serve} does
 * @param tokenIds whether it returns ids when asked for them, as vLLM and {@code malt serve} do
 * @param logProbs how it returns log-probabilities
 * @param samplerKeys whether it takes the keys that switch off samplers which nobody asked for
 * @param base SHA-256 of the base model's configuration and weights; null where it does not tell
 * @param template SHA-256 of its chat template; null likewise
 */
public record ServerTraits(
    boolean manySamples,
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
