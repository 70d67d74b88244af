package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import malt.WordList;

/** What may follow {@code |}. */
final class Filters {
  private static final Set<String> BARE =
      WordList.of(
          """
          upper lower capitalize string safe length count abs items dictsort list first last min
          max unique reverse
          """);

  private Filters() {}

  static Object apply(String name, Object value, Arguments arguments) {
    if (BARE.contains(name)) {
      arguments.of(name);
    }
    return switch (name) {
      case "trim" -> {
        Object chars = arguments.of(name, "chars").get(0, "chars", None.NONE);
        yield StringMethods.strip(text(name, value), "strip", chars);
      }
      case "upper" -> text(name, value).toUpperCase(Locale.ROOT);
      case "lower" -> text(name, value).toLowerCase(Locale.ROOT);
      case "capitalize" -> StringMethods.capitalize(text(name, value));
      case "string" -> value instanceof Markup ? value : Values.toText(value);
      case "safe" -> new Markup(text(name, value));
      case "length", "count" -> (long) Values.iterate(value).size();
      case "default", "d" -> otherwise(value, arguments.of(name, "default_value", "boolean"));
      case "replace" -> replace(value, arguments.of(name, "old", "new"));
      case "int" -> integer(value, arguments.of(name, "default"));
      case "abs" -> Math.abs(Values.integer(value));
      case "tojson" ->
          Json.of(arguments.of(name, "indent", "separators", "ensure_ascii", "sort_keys"))
              .write(value);
      case "items" ->
          value instanceof Undefined ? List.of() : CollectionMethods.items(mapping(name, value));
      case "dictsort" -> dictsort(mapping(name, value));
      case "indent" -> indent(Values.toText(value), arguments.of(name, "width", "first", "blank"));
      case "list" -> Values.iterate(value);
      case "join" -> join(value, arguments.of(name, "d", "attribute"));
      case "first", "last" -> edge(name, value);
      case "min", "max" -> extreme(name, value);
      case "unique" -> unique(value);
      case "reverse" -> reverse(value);
      case "sort" -> sort(value, arguments.of(name, "reverse", "case_sensitive", "attribute"));
      case "map" -> map(value, arguments);
      case "select", "reject" -> select(name.equals("select"), value, 0, arguments);
      case "selectattr", "rejectattr" -> select(name.equals("selectattr"), value, 1, arguments);
      default -> throw new Refusal("the filter '" + name + "' is not supported");
    };
  }

  private static String text(String name, Object value) {
    if (value instanceof Markup) {
      throw new Refusal(name + " of a safe string is not supported");
    }
    return Values.toText(value);
  }

  private static Map<?, ?> mapping(String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new Refusal(name + " needs a mapping, not a " + Values.typeName(value));
  }

  private static Object otherwise(Object value, Arguments arguments) {
    boolean absent =
        value instanceof Undefined || (arguments.flag(1, "boolean") && !Values.isTrue(value));
    return absent ? arguments.get(0, "default_value", "") : value;
  }

  private static Object replace(Object value, Arguments arguments) {
    String old = arguments.text(0, "old");
    if (old.isEmpty()) {
      throw new Refusal("replace of an empty string is not supported");
    }
    return Values.toText(value).replace(old, arguments.text(1, "new"));
  }

  private static Object integer(Object value, Arguments arguments) {
    if (value instanceof Double number) {
      return (long) number.doubleValue();
    }
    if (value instanceof String text) {
      String digits = PythonText.strip(text);
      if (!digits.matches("[+-]?[0-9]{1,18}") && digits.matches(".*[0-9].*")) {
        throw new Refusal("int of \"" + text + "\" is not supported");
      }
      return digits.matches("[+-]?[0-9]+")
          ? Long.valueOf(digits)
          : (Object) arguments.integer(0, "default", 0);
    }
    return value instanceof None || value instanceof Undefined
        ? arguments.integer(0, "default", 0)
        : Values.integer(value);
  }

  private static Object dictsort(Map<?, ?> map) {
    Comparator<Object> ignoringCase = (a, b) -> Operators.order(foldCase(a), foldCase(b));
    return map.entrySet().stream()
        .sorted(Comparator.comparing(entry -> (Object) entry.getKey(), ignoringCase))
        .map(entry -> (Object) Tuple.of(entry.getKey(), entry.getValue()))
        .collect(Collectors.toList());
  }

  private static Object indent(String text, Arguments arguments) {
    Object width = arguments.get(0, "width", 4L);
    String margin =
        width instanceof String string ? string : " ".repeat((int) Values.integer(width));
    boolean blank = arguments.flag(2, "blank");
    String[] lines = text.split("\n", -1);
    StringBuilder out = new StringBuilder(arguments.flag(1, "first") ? margin : "");
    for (int i = 0; i < lines.length; i++) {
      if (i > 0) {
        out.append('\n').append(blank || !lines[i].isEmpty() ? margin : "");
      }
      out.append(lines[i]);
    }
    return out.toString();
  }

  private static Object foldCase(Object value) {
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

  private static Object edge(String name, Object value) {
    List<Object> items = Values.iterate(value);
    if (items.isEmpty()) {
      return new Undefined(name + " of nothing");
    }
    return items.get(name.equals("first") ? 0 : items.size() - 1);
  }

  private static Object extreme(String name, Object value) {
    int sign = name.equals("min") ? 1 : -1;
    return Values.iterate(value).stream()
        .reduce((a, b) -> sign * Operators.order(foldCase(a), foldCase(b)) <= 0 ? a : b)
        .orElse(new Undefined(name + " of nothing"));
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

  private static Object reverse(Object value) {
    if (!(value instanceof String || value instanceof List<?>)) {
      throw new Refusal("reverse of a " + Values.typeName(value));
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

  private static Object map(Object value, Arguments arguments) {
    List<Object> result = new ArrayList<>();
    for (Object item : itemsOrNothing(value)) {
      if (arguments.positional().isEmpty()) {
        Arguments given = arguments.of("map", "attribute", "default");
        Object found = path(item, given.text(0, "attribute"));
        result.add(found instanceof Undefined ? given.get(1, "default", found) : found);
      } else {
        String filter = Values.toText(arguments.positional().get(0));
        result.add(apply(filter, item, arguments.after(1)));
      }
    }
    return result;
  }

  /** Items, or items by their attribute, for which a test holds; truth where none is named. */
  private static Object select(boolean wanted, Object value, int attributes, Arguments arguments) {
    List<Object> positional = arguments.positional();
    if (!arguments.named().isEmpty() || positional.size() < attributes) {
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
