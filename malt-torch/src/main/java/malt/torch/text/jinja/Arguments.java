package malt.torch.text.jinja;

import java.util.List;
import java.util.Map;

/** The arguments given to a method or filter, read by position or name. */
record Arguments(String callee, List<Object> positional, Map<String, Object> named) {

  /** Refuses what {@code names}, the parameters in order, do not take. */
  static Arguments of(
      String callee, List<Object> positional, Map<String, Object> named, String... names) {
    if (positional.size() > names.length || !List.of(names).containsAll(named.keySet())) {
      throw new Refusal(
          callee
              + " was called with arguments that are not supported (known: "
              + String.join(", ", names)
              + ")");
    }
    return new Arguments(callee, positional, named);
  }

  boolean has(int position, String name) {
    return position < positional.size() || named.containsKey(name);
  }

  Object get(int position, String name, Object absent) {
    if (position < positional.size()) {
      return positional.get(position);
    }
    Object value = named.get(name);
    return value == null ? absent : value;
  }

  /** A required string. */
  String text(int position, String name) {
    if (get(position, name, None.NONE) instanceof String text) {
      return text;
    }
    throw new Refusal(callee + " needs a string for '" + name + "'");
  }

  long integer(int position, String name, long absent) {
    return Values.integer(get(position, name, absent));
  }

  boolean flag(int position, String name) {
    return Values.isTrue(get(position, name, false));
  }
}
