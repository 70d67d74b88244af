package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Filters that look at the items of a value. */
final class ListFilters {
  private ListFilters() {}

  static Object apply(
      String name, Object value, List<Object> positional, Map<String, Object> named) {
    return switch (name) {
      case "list" -> {
        Arguments.of(name, positional, named);
        yield Values.iterate(value);
      }
      case "join" -> join(value, Arguments.of(name, positional, named, "d", "attribute"));
      case "first", "last" -> edge(name, value, Arguments.of(name, positional, named));
      case "min", "max" -> extreme(name, value, Arguments.of(name, positional, named));
      case "unique" -> {
        Arguments.of(name, positional, named);
        yield unique(value);
      }
      case "reverse" -> reverse(value, Arguments.of(name, positional, named));
      case "sort" ->
          sort(
              value,
              Arguments.of(name, positional, named, "reverse", "case_sensitive", "attribute"));
      case "map" -> map(value, positional, named);
      case "select", "reject" -> select(name.equals("select"), value, 0, positional, named);
      case "selectattr", "rejectattr" ->
          select(name.equals("selectattr"), value, 1, positional, named);
      default -> throw new Refusal("the filter '" + name + "' is not supported");
    };
  }

  static Object foldCase(Object value) {
    return value instanceof String text ? text.toLowerCase(Locale.ROOT) : value;
  }

  /** An attribute by a dotted path. */
  private static Object path(Object value, String path) {
    Object result = value;
    for (String name : path.split("\\.", -1)) {
      Object key = name.matches("\\d{1,9}") ? (Object) Long.valueOf(name) : name;
      result = Attributes.item(result, key);
    }
    return result;
  }

  private static Object join(Object value, Arguments arguments) {
    Object attribute = arguments.get(1, "attribute", None.NONE);
    return Values.iterate(value).stream()
        .map(item -> attribute instanceof String name ? path(item, name) : item)
        .map(Values::toText)
        .collect(Collectors.joining(Values.toText(arguments.get(0, "d", ""))));
  }

  private static Object edge(String name, Object value, Arguments arguments) {
    List<Object> items = Values.iterate(value);
    if (items.isEmpty()) {
      return new Undefined(arguments.callee() + " of nothing");
    }
    return items.get(name.equals("first") ? 0 : items.size() - 1);
  }

  private static Object extreme(String name, Object value, Arguments arguments) {
    int sign = name.equals("min") ? 1 : -1;
    return Values.iterate(value).stream()
        .reduce((a, b) -> sign * Operators.order(foldCase(a), foldCase(b)) <= 0 ? a : b)
        .orElse(new Undefined(arguments.callee() + " of nothing"));
  }

  private static Object unique(Object value) {
    List<Object> kept = new ArrayList<>();
    for (Object item : Values.iterate(value)) {
      if (kept.stream().noneMatch(other -> Operators.equal(foldCase(other), foldCase(item)))) {
        kept.add(item);
      }
    }
    return kept;
  }

  private static Object reverse(Object value, Arguments arguments) {
    if (!(value instanceof String || value instanceof List<?>)) {
      throw new Refusal(arguments.callee() + " of a " + Values.typeName(value));
    }
    return Attributes.slice(value, None.NONE, None.NONE, -1L);
  }

  private static Object sort(Object value, Arguments arguments) {
    boolean caseSensitive = arguments.flag(1, "case_sensitive");
    Object attribute = arguments.get(2, "attribute", None.NONE);
    int sign = arguments.flag(0, "reverse") ? -1 : 1;
    List<Object> items = Values.iterate(value);
    items.sort(
        (a, b) -> {
          Object left = attribute instanceof String name ? path(a, name) : a;
          Object right = attribute instanceof String name ? path(b, name) : b;
          return sign
              * (caseSensitive
                  ? Operators.order(left, right)
                  : Operators.order(foldCase(left), foldCase(right)));
        });
    return items;
  }

  /** The items of a value, none if it is false (None included), as map and select have it. */
  private static List<Object> itemsOrNothing(Object value) {
    return Values.isTrue(value) ? Values.iterate(value) : List.of();
  }

  private static Object map(Object value, List<Object> positional, Map<String, Object> named) {
    List<Object> result = new ArrayList<>();
    for (Object item : itemsOrNothing(value)) {
      if (positional.isEmpty()) {
        Arguments arguments = Arguments.of("map", positional, named, "attribute", "default");
        Object found = path(item, arguments.text(0, "attribute"));
        result.add(
            found instanceof Undefined && named.containsKey("default")
                ? arguments.get(1, "default", found)
                : found);
      } else {
        List<Object> rest = positional.subList(1, positional.size());
        result.add(Filters.apply(Values.toText(positional.get(0)), item, rest, named));
      }
    }
    return result;
  }

  /** Items, or items by their attribute, for which a test holds; truth where none is named. */
  private static Object select(
      boolean wanted,
      Object value,
      int attributes,
      List<Object> positional,
      Map<String, Object> named) {
    if (!named.isEmpty() || positional.size() < attributes) {
      throw new Refusal("select and reject take an attribute or a test by position");
    }
    List<Object> kept = new ArrayList<>();
    for (Object item : itemsOrNothing(value)) {
      Object subject = attributes == 0 ? item : path(item, Values.toText(positional.get(0)));
      boolean holds =
          positional.size() == attributes
              ? Values.isTrue(subject)
              : TypeTests.test(
                  Values.toText(positional.get(attributes)),
                  subject,
                  positional.subList(attributes + 1, positional.size()));
      if (holds == wanted) {
        kept.add(item);
      }
    }
    return kept;
  }
}
