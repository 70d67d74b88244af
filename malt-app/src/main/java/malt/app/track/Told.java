package malt.app.track;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import malt.AtomicFiles;
import malt.MalformedDataException;
import malt.TextFiles;

/**
 * What a server was told of a run, kept as tracking.json so that the next attempt goes on there.
 *
 * @param url of the server
 * @param run its id there; "" until there is one
 * @param parameters whether it was told them
 * @param steps of each series of metrics, how many it was told
 * @param files by name, what each was when it was told: its size and time
 */
record Told(
    String url,
    String run,
    boolean parameters,
    Map<String, Integer> steps,
    Map<String, String> files) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  Told {
    steps = new TreeMap<>(steps);
    files = new TreeMap<>(files);
  }

  static Told nothing(String url) {
    return new Told(url, "", false, Map.of(), Map.of());
  }

  /**
   * What was told to the server at this address by an earlier attempt.
   *
   * @throws MalformedDataException if the file holds something else
   */
  static Told read(Path file, String url) {
    if (!Files.exists(file)) {
      return nothing(url);
    }
    try {
      Told told = JSON.readValue(TextFiles.read(file), Told.class);
      return told.url.equals(url) ? told : nothing(url);
    } catch (JsonProcessingException e) {
      throw new MalformedDataException(
          "%s is damaged: %s; remove it, and the run is kept anew"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  void write(Path file) {
    try {
      AtomicFiles.write(file, JSON.writeValueAsString(this) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a record of ours always can be written
    }
  }

  Told of(String id) {
    return new Told(url, id, parameters, steps, files);
  }

  Told withParameters() {
    return new Told(url, run, true, steps, files);
  }

  Told withSteps(Map<String, Integer> more) {
    Told all = new Told(url, run, parameters, steps, files);
    all.steps.putAll(more);
    return all;
  }

  Told withFile(String name, String stamp) {
    Told more = new Told(url, run, parameters, steps, files);
    more.files.put(name, stamp);
    return more;
  }
}
