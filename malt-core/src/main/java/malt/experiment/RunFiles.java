package malt.experiment;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import malt.AtomicFiles;
import malt.MalformedDataException;
import malt.TextFiles;

/** The small JSON files of a run: strictly what their types say, under keys in snake case. */
final class RunFiles {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private RunFiles() {}

  static void write(Path file, Object value) {
    AtomicFiles.write(file, line(value) + "\n");
  }

  static String line(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws MalformedDataException if the file holds something else
   */
  static <T> T read(Path file, TypeReference<T> type) {
    return parse(file.toString(), TextFiles.read(file), type);
  }

  /**
   * @param where file, and line where it has several values
   */
  static <T> T parse(String where, String text, TypeReference<T> type) {
    try {
      T value = JSON.readValue(text, type);
      if (value == null) {
        throw new MalformedDataException(where + " holds null; collect or train the run again");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new MalformedDataException("%s: %s".formatted(where, e.getOriginalMessage()), e);
    }
  }
}
