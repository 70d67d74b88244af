package malt.torch.text.jinja;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What may follow {@code |}, for one value; {@link ListFilters} has those for many. */
final class Filters {
  private Filters() {}

  static Object apply(
      String name, Object value, List<Object> positional, Map<String, Object> named) {
    return switch (name) {
      case "trim" -> {
        Object chars = Arguments.of(name, positional, named, "chars").get(0, "chars", None.NONE);
        yield StringMethods.strip(text(name, value, List.of(), Map.of()), "strip", chars);
      }
      case "upper" -> text(name, value, positional, named).toUpperCase(Locale.ROOT);
      case "lower" -> text(name, value, positional, named).toLowerCase(Locale.ROOT);
      case "capitalize" -> StringMethods.capitalize(text(name, value, positional, named));
      case "string" -> {
        Arguments.of(name, positional, named);
        yield value instanceof Markup ? value : Values.toText(value);
      }
      case "safe" -> new Markup(text(name, value, positional, named));
      case "length", "count" -> {
        Arguments.of(name, positional, named);
        yield (long) Values.iterate(value).size();
      }
      case "default", "d" ->
          otherwise(value, Arguments.of(name, positional, named, "default_value", "boolean"));
      case "replace" -> replace(value, Arguments.of(name, positional, named, "old", "new"));
      case "int" -> integer(value, Arguments.of(name, positional, named, "default"));
      case "abs" -> {
        Arguments.of(name, positional, named);
        yield Math.abs(Values.integer(value));
      }
      case "tojson" ->
          Json.of(
                  Arguments.of(
                      name, positional, named, "indent", "separators", "ensure_ascii", "sort_keys"))
              .write(value);
      case "items" -> {
        Arguments.of(name, positional, named);
        yield value instanceof Undefined ? List.of() : CollectionMethods.items(map(name, value));
      }
      case "dictsort" -> {
        Arguments.of(name, positional, named);
        yield dictsort(map(name, value));
      }
      case "indent" ->
          indent(
              Values.toText(value),
              Arguments.of(name, positional, named, "width", "first", "blank"));
      default -> ListFilters.apply(name, value, positional, named);
    };
  }

  private static String text(
      String name, Object value, List<Object> positional, Map<String, Object> named) {
    Arguments.of(name, positional, named);
    if (value instanceof Markup) {
      throw new Refusal(name + " of a safe string is not supported");
    }
    return Values.toText(value);
  }

  private static Map<?, ?> map(String name, Object value) {
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
    Comparator<Object> ignoringCase =
        (a, b) -> Operators.order(ListFilters.foldCase(a), ListFilters.foldCase(b));
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
}
