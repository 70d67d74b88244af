package malt.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, read strictly: what is missing or of another type is an
 * IllegalArgumentException that names the key.
 */
final class Fields {
  private final JsonNode object;

  Fields(JsonNode object) {
    if (!object.isObject()) {
      throw new IllegalArgumentException("a JSON object was expected");
    }
    this.object = object;
  }

  String text(String key) {
    return require(key, "a text", get(key).isTextual()).textValue();
  }

  @Nullable String textOrNull(String key) {
    return get(key).isNull() ? null : text(key);
  }

  double number(String key) {
    return require(key, "a number", get(key).isNumber()).doubleValue();
  }

  long integer(String key) {
    JsonNode value = get(key);
    return require(key, "a whole number", value.isIntegralNumber() && value.canConvertToLong())
        .longValue();
  }

  int[] ints(String key) {
    JsonNode values = array(key);
    int[] ints = new int[values.size()];
    for (int i = 0; i < ints.length; i++) {
      JsonNode value = values.get(i);
      require(key, "whole numbers", value.isIntegralNumber() && value.canConvertToInt());
      ints[i] = value.intValue();
    }
    return ints;
  }

  /** Numbers, or the texts "NaN", "Infinity" and "-Infinity". */
  float[] floats(String key) {
    JsonNode values = array(key);
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      JsonNode value = values.get(i);
      try {
        floats[i] = value.isNumber() ? value.floatValue() : Float.parseFloat(value.asText());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("\"" + key + "\" must hold numbers", e);
      }
    }
    return floats;
  }

  List<Fields> objects(String key) {
    List<Fields> fields = new ArrayList<>();
    array(key).forEach(value -> fields.add(new Fields(value)));
    return fields;
  }

  <E extends Enum<E>> E constant(Class<E> type, String key) {
    String name = text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("\"%s\" has the unknown value \"%s\"".formatted(key, name));
  }

  private JsonNode array(String key) {
    return require(key, "a list", get(key).isArray());
  }

  private JsonNode get(String key) {
    JsonNode value = object.get(key);
    if (value == null) {
      throw new IllegalArgumentException("the key \"" + key + "\" is missing");
    }
    return value;
  }

  private JsonNode require(String key, String wanted, boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("\"%s\" must be %s".formatted(key, wanted));
    }
    return get(key);
  }
}
