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
import java.math.BigDecimal;
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
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      String key = field.getKey();
      boolean asMany = key.equals("best_of") && field.getValue().equals(body.get("n"));
      if (!known.contains(key) && !asMany && !NothingAsked.by(key, field.getValue())) {
        throw ApiError.invalid(key, "'%s' is not supported here.".formatted(key));
      }
    }
    return new JsonCall(body);
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
          key, "'%s' must be a number from %s to %s.".formatted(key, plain(least), plain(most)));
    }
    return value.asDouble();
  }

  private static String plain(double bound) {
    return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
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
