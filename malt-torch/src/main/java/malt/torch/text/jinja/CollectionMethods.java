package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods of Python's dict and list; those that change the object are refused, as there. */
final class CollectionMethods {
  static final Set<String> MAP_NAMES =
      Set.of(
          "clear",
          "copy",
          "fromkeys",
          "get",
          "items",
          "keys",
          "pop",
          "popitem",
          "setdefault",
          "update",
          "values");
  static final Set<String> LIST_NAMES =
      Set.of(
          "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove",
          "reverse", "sort");

  private CollectionMethods() {}

  static Object call(
      Map<?, ?> map, String name, List<Object> positional, Map<String, Object> named) {
    return switch (name) {
      case "get" -> {
        Arguments arguments = Arguments.of(name, positional, named, "key", "default");
        Object key = Values.key(arguments.get(0, "key", None.NONE));
        yield map.containsKey(key) ? map.get(key) : arguments.get(1, "default", None.NONE);
      }
      case "items" -> {
        Arguments.of(name, positional, named);
        yield items(map);
      }
      case "keys" -> {
        Arguments.of(name, positional, named);
        yield new ArrayList<Object>(map.keySet());
      }
      case "values" -> {
        Arguments.of(name, positional, named);
        yield new ArrayList<Object>(map.values());
      }
      default -> throw new Refusal("the mapping method '" + name + "' is not supported");
    };
  }

  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(Tuple.of(key, value)));
    return items;
  }

  static Object call(
      List<?> list, String name, List<Object> positional, Map<String, Object> named) {
    if (name.equals("count")) {
      Object item = Arguments.of(name, positional, named, "value").get(0, "value", None.NONE);
      return list.stream().filter(other -> Operators.equal(other, item)).count();
    }
    throw new Refusal("the list method '" + name + "' is not supported");
  }
}
