package malt.app.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of a request, each of its type and within its bounds or refused by name. */
final class JsonCall {
  static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(32).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Say nothing about the answer. */
  private static final Set<String> NOTES =
      Set.of(
          "user",
          "metadata",
          "store",
          "service_tier",
          "safety_identifier",
          "prompt_cache_key",
          "stream_options");

  /** Ask for what there is not, unless they have this value. */
  private static final Map<String, String> NEUTRAL =
      Map.of(
          "presence_penalty", "0",
          "frequency_penalty", "0",
          "top_logprobs", "0",
          "best_of", "1",
          "echo", "false",
          "response_format", "{\"type\":\"text\"}");

  private final JsonNode body;

  private JsonCall(JsonNode body) {
    this.body = body;
  }

  /**
   * @param known keys besides those that ask for nothing
   */
  static JsonCall parse(byte[] bytes, Set<String> known) {
    JsonNode body;
    try {
      body = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw ApiError.of(400, "The body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw ApiError.of(400, "The body cannot be read.");
    }
    if (body == null || !body.isObject()) {
      throw ApiError.of(400, "The body is not a JSON object.");
    }
    body.properties().forEach(field -> requireKnown(field.getKey(), field.getValue(), known));
    return new JsonCall(body);
  }

  private static void requireKnown(String key, JsonNode value, Set<String> known) {
    if (known.contains(key) || NOTES.contains(key) || value.isNull()) {
      return;
    }
    String neutral = NEUTRAL.get(key);
    boolean nothing =
        value.isNumber() ? value.asDouble() == number(neutral) : value.toString().equals(neutral);
    if (!nothing) {
      throw ApiError.invalid(key, "'%s' is not supported here.".formatted(key));
    }
  }

  private static double number(@Nullable String neutral) {
    return neutral != null && neutral.matches("\\d") ? Integer.parseInt(neutral) : Double.NaN;
  }

  /** The value, missing where it is null too. */
  JsonNode get(String key) {
    JsonNode value = body.path(key);
    return value.isNull() ? body.path("no such key") : value;
  }

  boolean has(String key) {
    return !get(key).isMissingNode();
  }

  String text(String key) {
    JsonNode value = get(key);
    if (!value.isTextual()) {
      throw ApiError.invalid(key, "'%s' must be a text.".formatted(key));
    }
    return value.asText();
  }

  boolean flag(String key) {
    JsonNode value = get(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw ApiError.invalid(key, "'%s' must be true or false.".formatted(key));
    }
    return value.asBoolean();
  }

  @Nullable Integer integer(String key, int least, int most) {
    JsonNode value = get(key);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
      throw ApiError.invalid(
          key, "'%s' must be a whole number from %d to %d.".formatted(key, least, most));
    }
    return value.asInt();
  }

  @Nullable Double number(String key, double least, double most) {
    JsonNode value = get(key);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.isNumber() || !(value.asDouble() >= least && value.asDouble() <= most)) {
      throw ApiError.invalid(
          key, "'%s' must be a number from %s to %s.".formatted(key, least, most));
    }
    return value.asDouble();
  }

  @Nullable Long whole(String key) {
    JsonNode value = get(key);
    if (value.isMissingNode()) {
      return null;
    }
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw ApiError.invalid(key, "'%s' must be a whole number of 64 bits.".formatted(key));
    }
    return value.asLong();
  }
}
