package malt.model;

import java.io.Serializable;

/**
 * How tokens are drawn.
 *
 * @param temperature 0 is greedy
 * @param topP nucleus mass in (0, 1]; 1 is off
 * @param maxTokens limit of new tokens, the end-of-text token included
 */
public record SamplingParams(double temperature, double topP, int maxTokens)
    implements Serializable {
  public SamplingParams {
    if (!(temperature >= 0) || !(topP > 0 && topP <= 1) || maxTokens < 1) {
      throw new IllegalArgumentException(
          "temperature >= 0, 0 < topP <= 1, maxTokens >= 1 wanted: %s, %s, %s"
              .formatted(temperature, topP, maxTokens));
    }
  }
}
