package malt.torch.text.jinja;

import java.util.List;
import java.util.Map;

/** The arguments given to a macro, function, method or filter, read by position or name. */
record Arguments(String callee, List<Object> positional, Map<String, Object> named) {

  /** The same of {@code name}; refuses what its parameters, in order, do not take. */
  Arguments of(String name, String... parameters) {
    if (positional.size() > parameters.length || !List.of(parameters).containsAll(named.keySet())) {
      throw new Refusal(
          name
              + " was called with arguments that are not supported (known: "
              + String.join(", ", parameters)
              + ")");
    }
    return new Arguments(name, positional, named);
  }

  /** Those behind the first ones by position. */
  Arguments after(int count) {
    return new Arguments(callee, positional.subList(count, positional.size()), named);
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
