package malt.model;

/** Why a completion ended. */
public enum FinishReason {
  /** The model ended it: by an end-of-text token, its last id, or by a stop text. */
  STOP,
  /** Cut at the token limit. */
  LENGTH,
  /** The model failed for good; such a completion is counted and shown, never rewarded. */
  FAILED
}
