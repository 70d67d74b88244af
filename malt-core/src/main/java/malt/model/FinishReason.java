package malt.model;

/** Why a completion ended. */
public enum FinishReason {
  /** The model ended it: the last id is an end-of-text token. */
  STOP,
  /** Cut at the token limit. */
  LENGTH,
  /** The model failed for good; such a completion is counted and shown, never rewarded. */
  FAILED
}
