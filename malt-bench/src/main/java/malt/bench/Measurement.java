package malt.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run of a workload took; a line of JSON is how other processes report it.
 *
 * @param stages seconds of each
 * @param tokens sampled, or trained on, in all stages
 */
record Measurement(List<Double> stages, long tokens) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Measurement {
    stages = List.copyOf(stages);
  }

  static Measurement parse(String line) throws JsonProcessingException {
    JsonNode json = JSON.readTree(line);
    List<Double> stages = new ArrayList<>();
    json.required("stages").forEach(stage -> stages.add(stage.asDouble()));
    return new Measurement(stages, json.required("tokens").asLong());
  }

  String json() throws JsonProcessingException {
    return JSON.writeValueAsString(Map.of("stages", stages, "tokens", tokens));
  }

  double seconds() {
    return stages.stream().mapToDouble(Double::doubleValue).sum();
  }

  double tokensPerSecond() {
    return tokens / seconds();
  }

  /** The stages' seconds, each divided by {@code parts}. */
  String stages(int parts) {
    return stages.stream()
        .map(seconds -> "%.1f".formatted(seconds / parts))
        .collect(Collectors.joining(" "));
  }
}
