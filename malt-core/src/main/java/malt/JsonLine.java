package malt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;

/** A line of a file of JSON lines: one object, and nothing else. */
public final class JsonLine {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final String WANTED = "JSON lines are wanted, one object on each line";

  private JsonLine() {}

  /**
   * The object.
   *
   * @param where file and line, for messages
   * @throws MalformedDataException if it holds something else, such as a part of a larger value
   */
  public static JsonNode object(String text, String where) {
    try {
      JsonNode value = JSON.readTree(text);
      if (!value.isObject()) {
        throw new MalformedDataException(
            "%s is not a JSON object but %s; %s".formatted(where, kind(value), WANTED));
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new MalformedDataException(
          fault(e).startsWith("Unexpected end-of-input")
              ? "%s is not JSON by itself: its value does not end on the line; %s"
                  .formatted(where, WANTED)
              : "%s is not JSON (%s)".formatted(where, fault(e)),
          e);
    }
  }

  /** The parser's complaint without what it says of itself. */
  public static String fault(JsonProcessingException e) {
    String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    return message.replaceAll(" *\\(?(start marker )?(at )?\\[Source: .*", "");
  }

  /** What a value is, for messages: "a text", "a list", "null". */
  public static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> value.asText();
      default -> value.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }

  /** The keys of an object, for messages: {@code "prompt", "answer"}. */
  public static String keys(JsonNode object) {
    StringBuilder keys = new StringBuilder();
    object
        .fieldNames()
        .forEachRemaining(
            key -> keys.append(keys.isEmpty() ? "" : ", ").append('"').append(key).append('"'));
    return keys.isEmpty() ? "nothing" : keys.toString();
  }
}
