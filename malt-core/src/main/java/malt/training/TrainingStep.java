package malt.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one optimiser step measured.
 *
 * @param step from 1 to {@code steps}
 * @param tokens completion tokens trained on in this step
 * @param metrics under TRL's names: loss, grad_norm, learning_rate, rewards/margins, ...; in the
 *     order to show them
 */
public record TrainingStep(int step, int steps, long tokens, Map<String, Double> metrics) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As a line of a metrics file: a JSON object, the metrics beside step, steps and tokens. */
  public String line() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("steps", steps);
    line.put("tokens", tokens);
    line.putAll(metrics);
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // numbers under names always can be written
    }
  }
}
