package malt.app.report.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import malt.MalformedDataException;

/** A JSON value that knows where it stands, so that a wrong one can be named. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String where;
  private final JsonNode node;

  private Json(String where, JsonNode node) {
    this.where = where;
    this.node = node;
  }

  /** Reads a whole file. */
  static Json file(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new MalformedDataException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Reads a file of one JSON value per line; empty lines are passed over. */
  static List<Json> lines(Path file) {
    List<Json> values = new ArrayList<>();
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          values.add(parse(file + ":" + (i + 1), lines.get(i)));
        }
      }
    } catch (IOException e) {
      throw new MalformedDataException(file + " cannot be read: " + e.getMessage(), e);
    }
    return values;
  }

  private static Json parse(String where, String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw new MalformedDataException(where + " is empty; JSON wanted");
      }
      return new Json(where, node);
    } catch (JsonProcessingException e) {
      throw new MalformedDataException(where + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The value under a key that must be there. */
  Json at(String key) {
    return find(key).orElseThrow(() -> wrong("the key \"" + key + "\""));
  }

  /** The value under a key, if it is there and not null. */
  Optional<Json> find(String key) {
    object();
    JsonNode value = node.get(key);
    return value == null || value.isNull()
        ? Optional.empty()
        : Optional.of(new Json(where + ": " + key, value));
  }

  /** All values by key, in the file's order. */
  Map<String, Json> fields() {
    object();
    Map<String, Json> fields = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      fields.put(field.getKey(), new Json(where + ": " + field.getKey(), field.getValue()));
    }
    return fields;
  }

  List<Json> items() {
    if (!node.isArray()) {
      throw wrong("a list");
    }
    List<Json> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new Json(where + "[" + i + "]", node.get(i)));
    }
    return items;
  }

  /** A number or text, as text. */
  String text() {
    if (!node.isValueNode()) {
      throw wrong("a text");
    }
    return node.asText();
  }

  double number() {
    if (!node.isNumber()) {
      throw wrong("a number");
    }
    return node.doubleValue();
  }

  /** A number where there is one: null, "NaN" and "Infinity" stand for a quotient by zero. */
  OptionalDouble measured() {
    boolean undefined =
        node.isNull() || (node.isTextual() && node.asText().matches("NaN|-?Infinity"));
    return undefined ? OptionalDouble.empty() : OptionalDouble.of(number());
  }

  boolean isNumber() {
    return node.isNumber();
  }

  /** A whole number, zero or more. */
  long count() {
    if (!node.canConvertToExactIntegral() || node.longValue() < 0) {
      throw wrong("a count");
    }
    return node.longValue();
  }

  Interval interval() {
    List<Json> ends = items();
    if (ends.size() != 2) {
      throw wrong("an interval [low, high]");
    }
    return new Interval(ends.get(0).number(), ends.get(1).number());
  }

  private void object() {
    if (!node.isObject()) {
      throw wrong("an object");
    }
  }

  MalformedDataException wrong(String wanted) {
    String found = node.toString();
    String shown = found.length() <= 60 ? found : found.substring(0, 60) + "...";
    return new MalformedDataException(where + ": " + wanted + " wanted, found " + shown);
  }
}
