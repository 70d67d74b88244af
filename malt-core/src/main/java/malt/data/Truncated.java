package malt.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What becomes of a completion that was cut at the token limit, however well it ended. The paper
 * does not say.
 */
public enum Truncated {
  /** It enters no set: who imitates it, or prefers it, learns not to end. */
  @JsonProperty("drop")
  DROP,

  /** It is like any other. */
  @JsonProperty("keep")
  KEEP
}
