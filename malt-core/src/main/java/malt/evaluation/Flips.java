package malt.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Passes by their generator's answer and their final answer. */
public record Flips(
    @JsonProperty("right->right") long rightToRight,
    @JsonProperty("right->wrong") long rightToWrong,
    @JsonProperty("wrong->right") long wrongToRight,
    @JsonProperty("wrong->wrong") long wrongToWrong) {
  static final Flips NONE = new Flips(0, 0, 0, 0);

  static Flips of(boolean before, boolean after) {
    return new Flips(
        before && after ? 1 : 0,
        before && !after ? 1 : 0,
        !before && after ? 1 : 0,
        !before && !after ? 1 : 0);
  }

  Flips plus(Flips other) {
    return new Flips(
        rightToRight + other.rightToRight,
        rightToWrong + other.rightToWrong,
        wrongToRight + other.wrongToRight,
        wrongToWrong + other.wrongToWrong);
  }
}
