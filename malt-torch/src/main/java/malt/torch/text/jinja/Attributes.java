package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.WordList;

/** {@code object.name}, {@code object[key]} and slices. */
final class Attributes {
  /** Attributes of Python's numbers. */
  private static final Set<String> NUMBER_NAMES =
      WordList.of(
          """
          real imag numerator denominator conjugate bit_length bit_count to_bytes from_bytes
          as_integer_ratio is_integer hex fromhex
          """);

  private Attributes() {}

  /** A method or attribute if there is one, else the item of that name. */
  static Object attribute(Object object, String name) {
    if (object instanceof Undefined undefined) {
      throw undefined.refusal();
    }
    if (object instanceof Namespace namespace) {
      return namespace.get(name);
    }
    if (object instanceof Loop loop) {
      return loop.attribute(name);
    }
    if (object instanceof String text && StringMethods.NAMES.contains(name)) {
      return (Callable) arguments -> StringMethods.call(text, name, arguments);
    }
    if (object instanceof Map<?, ?> map) {
      if (CollectionMethods.MAP_NAMES.contains(name)) {
        return (Callable) arguments -> CollectionMethods.call(map, name, arguments);
      }
      return map.containsKey(name) ? map.get(name) : new Undefined(name);
    }
    if (object instanceof List<?> list && CollectionMethods.LIST_NAMES.contains(name)) {
      return (Callable) arguments -> CollectionMethods.call(list, name, arguments);
    }
    if (object instanceof Markup || name.startsWith("__") || isOfNumber(object, name)) {
      throw new Refusal("the attribute '" + name + "' is not supported");
    }
    return new Undefined(name);
  }

  /** The item under a key or index if there is one, else the attribute of that name. */
  static Object item(Object object, Object key) {
    if (object instanceof Undefined undefined) {
      throw undefined.refusal();
    }
    if (key instanceof Markup markup) {
      return item(object, markup.text());
    }
    if (object instanceof Markup) {
      throw new Refusal("an item of a safe string is not supported");
    }
    if (object instanceof Map<?, ?> map) {
      Object name = Values.key(key);
      if (map.containsKey(name)) {
        return map.get(name);
      }
    }
    if (key instanceof Long index && (object instanceof List<?> || object instanceof String)) {
      List<Object> items = Values.iterate(object);
      long at = index < 0 ? index + items.size() : index;
      return at >= 0 && at < items.size() ? items.get((int) at) : new Undefined("item " + index);
    }
    if (key instanceof String name) {
      return attribute(object, name);
    }
    return new Undefined("item " + Values.toText(key));
  }

  static Object slice(Object object, Object from, Object to, Object by) {
    if (!(object instanceof List<?>) && !(object instanceof String)) {
      throw object instanceof Undefined undefined
          ? undefined.refusal()
          : new Refusal("a slice of a " + Values.typeName(object) + " is not supported");
    }
    List<Object> items = Values.iterate(object);
    int size = items.size();
    long step = by instanceof None ? 1 : Values.integer(by);
    if (step == 0) {
      throw new Refusal("a slice with step 0");
    }
    long start = bound(from, size, step < 0 ? size - 1 : 0, step);
    long stop = bound(to, size, step < 0 ? -1 : size, step);
    List<Object> taken = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      taken.add(items.get((int) i));
    }
    if (object instanceof String) {
      StringBuilder text = new StringBuilder();
      taken.forEach(text::append);
      return text.toString();
    }
    return object instanceof Tuple ? new Tuple(taken) : taken;
  }

  private static long bound(Object value, int size, long absent, long step) {
    if (value instanceof None) {
      return absent;
    }
    long index = Values.integer(value);
    long low = step < 0 ? -1 : 0;
    long high = step < 0 ? size - 1 : size;
    return Math.max(low, Math.min(high, index < 0 ? index + size : index));
  }

  private static boolean isOfNumber(Object object, String name) {
    return (object instanceof Number || object instanceof Boolean) && NUMBER_NAMES.contains(name);
  }
}
