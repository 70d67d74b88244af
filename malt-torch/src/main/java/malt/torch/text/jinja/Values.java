package malt.torch.text.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of a template: {@link None}, Boolean, Long, Double, String, List, Map, {@link
 * Namespace}, {@link Loop}, {@link Callable} and {@link Undefined}, with Python's truth and text.
 */
final class Values {
  private Values() {}

  static Object fromJava(@Nullable Object value) {
    if (value == null) {
      return None.NONE;
    }
    if (value instanceof String || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Integer || value instanceof Long || value instanceof Short) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float || value instanceof Double) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(item -> copy.add(fromJava(item)));
      return copy;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(fromJava(key), fromJava(item)));
      return copy;
    }
    throw new IllegalArgumentException("A template takes no " + value.getClass().getName());
  }

  static boolean isTrue(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof List<?> list) {
      return !list.isEmpty();
    }
    if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }
    if (value instanceof Markup markup) {
      return !markup.text().isEmpty();
    }
    return !(value instanceof None || value instanceof Undefined);
  }

  /** Python's {@code str}; nothing for what is undefined. */
  static String toText(Object value) {
    if (value instanceof Markup markup) {
      return markup.text();
    }
    return value instanceof String text ? text : repr(value);
  }

  /** Python's {@code repr}. */
  static String repr(Object value) {
    if (value instanceof String text) {
      return PythonText.quote(text);
    }
    if (value instanceof Boolean bool) {
      return bool ? "True" : "False";
    }
    if (value instanceof Double number) {
      return real(number);
    }
    if (value instanceof Tuple tuple) {
      String comma = tuple.size() == 1 ? ",)" : ")";
      return tuple.stream().map(Values::repr).collect(Collectors.joining(", ", "(", comma));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Values::repr).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Long || value instanceof None || value instanceof Undefined) {
      return value.toString();
    }
    throw new Refusal("a value of type " + typeName(value) + " cannot be printed");
  }

  /** Python's text of a float. */
  static String real(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-4 || size >= 1e16)) {
      throw new Refusal("printing the number " + value + " is not supported");
    }
    String plain = new BigDecimal(Double.toString(value)).toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  /** The items that a loop or filter sees. */
  static List<Object> iterate(Object value) {
    List<Object> items = new ArrayList<>();
    if (value instanceof List<?> list) {
      items.addAll(list);
    } else if (value instanceof Map<?, ?> map) {
      items.addAll(map.keySet());
    } else if (value instanceof String text) {
      text.codePoints().forEach(c -> items.add(Character.toString(c)));
    } else if (!(value instanceof Undefined)) {
      throw new Refusal("a value of type " + typeName(value) + " cannot be iterated");
    }
    return items;
  }

  /** Sets one name to the value, or several to its items. */
  static void assign(Scope scope, List<String> targets, Object value) {
    if (targets.size() == 1) {
      scope.set(targets.get(0), value);
      return;
    }
    List<Object> items = iterate(value);
    if (items.size() != targets.size()) {
      throw new Refusal(items.size() + " values for " + targets.size() + " names");
    }
    for (int i = 0; i < targets.size(); i++) {
      scope.set(targets.get(i), items.get(i));
    }
  }

  /** A mapping's key; of numbers only integers, as Python takes 1, 1.0 and True for one key. */
  static Object key(Object value) {
    if (value instanceof Markup markup) {
      return markup.text();
    }
    if (value instanceof Double || value instanceof Boolean) {
      throw new Refusal("a key of type " + typeName(value) + " is not supported");
    }
    return value;
  }

  static long integer(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    throw new Refusal("a value of type " + typeName(value) + " where an integer is needed");
  }

  static String typeName(Object value) {
    if (value instanceof String) {
      return "string";
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value instanceof Long ? "integer" : value instanceof Double ? "float" : "boolean";
    }
    if (value instanceof List<?>) {
      return "list";
    }
    if (value instanceof Map<?, ?>) {
      return "mapping";
    }
    return value instanceof Callable ? "function" : value.getClass().getSimpleName();
  }
}
