package malt.evaluation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import malt.AtomicFiles;
import malt.MalformedDataException;
import malt.MaltException;
import malt.TextFiles;

/** Reads and writes evaluation.json and the per-question outcomes (JSONL), whole or not at all. */
public final class EvaluationFiles {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private EvaluationFiles() {}

  /** Writes evaluation.json. */
  public static void write(Path file, EvaluationReport report) {
    AtomicFiles.write(
        file,
        json(MAPPER.writer(SerializationFeature.INDENT_OUTPUT)::writeValueAsString, report) + "\n");
  }

  /**
   * Reads evaluation.json.
   *
   * @throws MalformedDataException if another version wrote it, or it is damaged
   */
  public static EvaluationReport read(Path file) {
    String text = TextFiles.read(file);
    JsonNode format = parse(file.toString(), text, JsonNode.class).path("format");
    if (format.asInt() != EvaluationReport.FORMAT) {
      throw new MalformedDataException(
          "%s is %s and this version reads format %d: run malt evaluate again with this version"
              .formatted(
                  file,
                  format.isMissingNode()
                      ? "of an earlier version, which named no format,"
                      : "of format " + format,
                  EvaluationReport.FORMAT));
    }
    return parse(file.toString(), text, EvaluationReport.class);
  }

  /** Writes one line per outcome. */
  public static void writeOutcomes(Path file, List<QuestionOutcome> outcomes) {
    AtomicFiles.write(
        file,
        outcomes.stream()
            .map(outcome -> json(MAPPER::writeValueAsString, outcome) + "\n")
            .collect(Collectors.joining()));
  }

  /** Turns a value into JSON. */
  @FunctionalInterface
  private interface Writer {
    String write(Object value) throws JsonProcessingException;
  }

  private static String json(Writer writer, Object value) {
    try {
      return writer.write(value);
    } catch (JsonProcessingException e) {
      throw new MaltException(
          "could not put the evaluation into JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static <T> T parse(String where, String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new MalformedDataException("%s: %s".formatted(where, e.getOriginalMessage()), e);
    }
  }
}
