package malt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, read strictly: what is missing or of another type is an error that
 * names the key and says what is there instead; nothing is rounded, coerced or filled in.
 */
public class JsonFields {
  protected final JsonNode object;
  private final Function<String, ? extends RuntimeException> refusal;

  /**
   * @param refusal makes the error of what is wrong
   */
  public JsonFields(JsonNode object, Function<String, ? extends RuntimeException> refusal) {
    if (!object.isObject()) {
      throw refusal.apply("a JSON object was expected");
    }
    this.object = object;
    this.refusal = refusal;
  }

  /** Whether the key is there, and not null. */
  public boolean has(String key) {
    return object.hasNonNull(key);
  }

  public boolean hasText(String key) {
    return object.path(key).isTextual();
  }

  public String text(String key) {
    return require(key, hasText(key), "a text").textValue();
  }

  public @Nullable String textOrNull(String key) {
    return object.path(key).isNull() ? null : text(key);
  }

  public boolean flag(String key) {
    return require(key, object.path(key).isBoolean(), "true or false").booleanValue();
  }

  public double number(String key) {
    return require(key, object.path(key).isNumber(), "a number").doubleValue();
  }

  public long integer(String key) {
    JsonNode value = object.path(key);
    return require(key, value.isIntegralNumber() && value.canConvertToLong(), "a whole number")
        .longValue();
  }

  public int[] ints(String key) {
    JsonNode values = list(key);
    int[] ints = new int[values.size()];
    for (int i = 0; i < ints.length; i++) {
      JsonNode value = values.get(i);
      require(key, value.isIntegralNumber() && value.canConvertToInt(), "whole numbers");
      ints[i] = value.intValue();
    }
    return ints;
  }

  /** Numbers, or the texts "NaN", "Infinity" and "-Infinity". */
  public float[] floats(String key) {
    JsonNode values = list(key);
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      JsonNode value = values.get(i);
      try {
        floats[i] = value.isNumber() ? value.floatValue() : Float.parseFloat(value.asText());
      } catch (NumberFormatException e) {
        require(key, false, "numbers");
      }
    }
    return floats;
  }

  public List<JsonFields> objects(String key) {
    List<JsonFields> fields = new ArrayList<>();
    list(key).forEach(value -> fields.add(new JsonFields(value, refusal)));
    return fields;
  }

  /** The constant of that name in lower case. */
  public <E extends Enum<E>> E constant(Class<E> type, String key) {
    String name = text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(name)) {
        return constant;
      }
    }
    throw refusal.apply("\"%s\" has the unknown value \"%s\"".formatted(key, name));
  }

  private JsonNode list(String key) {
    return require(key, object.path(key).isArray(), "a list");
  }

  /**
   * The value of a key.
   *
   * @param holds whether it is what is wanted
   */
  protected final JsonNode require(String key, boolean holds, String wanted) {
    JsonNode value = object.get(key);
    if (value == null) {
      throw refusal.apply(
          "\"%s\" is missing; the row has %s".formatted(key, JsonLine.keys(object)));
    }
    if (!holds) {
      throw refusal.apply(
          "\"%s\" must hold %s, and is %s".formatted(key, wanted, JsonLine.kind(value)));
    }
    return value;
  }
}
