package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.WordList;

/** The methods of Python's dict and list; those that change the object are refused, as there. */
final class CollectionMethods {
  static final Set<String> MAP_NAMES =
      WordList.of("clear copy fromkeys get items keys pop popitem setdefault update values");
  static final Set<String> LIST_NAMES =
      WordList.of("append clear copy count extend index insert pop remove reverse sort");

  private CollectionMethods() {}

  static Object call(Map<?, ?> map, String name, Arguments arguments) {
    return switch (name) {
      case "get" -> {
        Arguments given = arguments.of(name, "key", "default");
        Object key = Values.key(given.get(0, "key", None.NONE));
        yield map.containsKey(key) ? map.get(key) : given.get(1, "default", None.NONE);
      }
      case "items", "keys", "values" -> {
        arguments.of(name);
        yield name.equals("items")
            ? items(map)
            : new ArrayList<Object>(name.equals("keys") ? map.keySet() : map.values());
      }
      default -> throw new Refusal("the mapping method '" + name + "' is not supported");
    };
  }

  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(Tuple.of(key, value)));
    return items;
  }

  static Object call(List<?> list, String name, Arguments arguments) {
    if (name.equals("count")) {
      Object item = arguments.of(name, "value").get(0, "value", None.NONE);
      return list.stream().filter(other -> Operators.equal(other, item)).count();
    }
    throw new Refusal("the list method '" + name + "' is not supported");
  }
}
