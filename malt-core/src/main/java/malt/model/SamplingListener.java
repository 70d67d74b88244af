package malt.model;

/** Hears of completions while the call that asked for them goes on. */
@FunctionalInterface
public interface SamplingListener {
  /** Does not listen. */
  SamplingListener NONE = (completions, tokens) -> {};

  /**
   * Completions are there; called on any thread, one call at a time or several, and never after the
   * answer is.
   *
   * @param tokens new tokens of them all
   */
  void sampled(int completions, long tokens);
}
