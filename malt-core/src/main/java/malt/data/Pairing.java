package malt.data;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which pairs of a prompt stay where their number is capped. Ours; the paper does not say. */
public enum Pairing {
  /** Those whose values differ most. */
  @JsonProperty("widest-gap")
  WIDEST_GAP,

  /**
   * Those that begin with the longest common text. In the gradient of DPO what both sides share
   * cancels, so such a pair speaks of the decision at which they part, and not of all the sound
   * tokens of a completion that ended badly.
   */
  @JsonProperty("common-prefix")
  COMMON_PREFIX
}
