package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How reading the answers went, over the completions that a method puts to the vote.
 *
 * @param completions put to the vote, over all questions and seeds
 * @param noAnswer of these, those that state no answer (failed ones not counted)
 * @param truncated of these, those cut at the token limit
 * @param failed of these, those where the model failed, on them or on a turn they rest on
 */
public record GradingCounts(
    long completions, @JsonProperty("no_answer") long noAnswer, long truncated, long failed) {
  static final GradingCounts NONE = new GradingCounts(0, 0, 0, 0);

  GradingCounts plus(GradingCounts other) {
    return new GradingCounts(
        completions + other.completions,
        noAnswer + other.noAnswer,
        truncated + other.truncated,
        failed + other.failed);
  }
}
