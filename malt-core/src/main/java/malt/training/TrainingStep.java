package malt.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.MalformedDataException;
import malt.MaltException;
import malt.TextFiles;

/**
 * What one optimiser step measured.
 *
 * @param step from 1 to {@code steps}
 * @param tokens completion tokens trained on in this step
 * @param metrics under TRL's names: loss, grad_norm, learning_rate, rewards/margins, ...; in the
 *     order to show them
 */
public record TrainingStep(int step, int steps, long tokens, Map<String, Double> metrics)
    implements Serializable {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

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

  /**
   * Reads a job's metrics file.
   *
   * @throws MalformedDataException naming the first line that is no step
   */
  public static List<TrainingStep> read(Path file) {
    List<TrainingStep> steps = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        steps.add(parse(file + ":" + (steps.size() + 1), line));
      }
    } catch (IOException e) {
      throw new MaltException("cannot read %s: %s".formatted(file, e), e);
    }
    return steps;
  }

  /**
   * Reads a metrics file that may still grow: a line that is being written is left out.
   *
   * @throws MalformedDataException naming the first line that is no step
   */
  public static List<TrainingStep> readSoFar(Path file) {
    String text = TextFiles.read(file);
    List<TrainingStep> steps = new ArrayList<>();
    text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .forEach(line -> steps.add(parse(file + ":" + (steps.size() + 1), line)));
    return steps;
  }

  /**
   * Reads a line of a metrics file; numbers may be NaN or Infinity, as Python writes them.
   *
   * @param where for errors
   * @throws MalformedDataException if it is no step
   */
  public static TrainingStep parse(String where, String line) {
    try {
      Map<String, Double> metrics =
          JSON.readValue(line, new TypeReference<LinkedHashMap<String, Double>>() {});
      return new TrainingStep(
          (int) taken(where, metrics, "step"),
          (int) taken(where, metrics, "steps"),
          taken(where, metrics, "tokens"),
          metrics);
    } catch (JsonProcessingException e) {
      throw new MalformedDataException("%s: %s".formatted(where, e.getOriginalMessage()), e);
    }
  }

  private static long taken(String where, Map<String, Double> metrics, String key) {
    Double value = metrics.remove(key);
    if (value == null) {
      throw new MalformedDataException("%s: the key \"%s\" is missing".formatted(where, key));
    }
    return value.longValue();
  }
}
