package malt.torch.text.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What may follow {@code is}. */
final class TypeTests {
  private static final Set<String> WITH_ARGUMENT =
      Set.of(
          "divisibleby",
          "eq",
          "equalto",
          "ne",
          "lt",
          "lessthan",
          "le",
          "gt",
          "greaterthan",
          "ge",
          "in",
          "sameas");

  private TypeTests() {}

  static boolean takesArgument(String name) {
    return WITH_ARGUMENT.contains(name);
  }

  static boolean test(String name, Object value, List<Object> arguments) {
    if (arguments.size() != (takesArgument(name) ? 1 : 0)) {
      throw new Refusal("the test '" + name + "' was given " + arguments.size() + " arguments");
    }
    return takesArgument(name) ? compare(name, value, arguments.get(0)) : test(name, value);
  }

  private static boolean test(String name, Object value) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value instanceof None;
      case "string" -> value instanceof String || value instanceof Markup;
      case "number" -> value instanceof Number || value instanceof Boolean;
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "boolean" -> value instanceof Boolean;
      case "true" -> Boolean.TRUE.equals(value);
      case "false" -> Boolean.FALSE.equals(value);
      case "mapping" -> value instanceof Map<?, ?>;
      case "iterable", "sequence" ->
          value instanceof String
              || value instanceof Markup
              || value instanceof List<?>
              || value instanceof Map<?, ?>
              || value instanceof Undefined;
      case "callable" -> value instanceof Callable;
      case "odd" -> Math.floorMod(Values.integer(value), 2L) == 1;
      case "even" -> Math.floorMod(Values.integer(value), 2L) == 0;
      case "lower" -> isCase(value, Values.toText(value).toLowerCase(Locale.ROOT));
      case "upper" -> isCase(value, Values.toText(value).toUpperCase(Locale.ROOT));
      default -> throw new Refusal("the test '" + name + "' is not supported");
    };
  }

  private static boolean isCase(Object value, String changed) {
    String text = Values.toText(value);
    return text.equals(changed) && text.codePoints().anyMatch(Character::isLetter);
  }

  private static boolean compare(String name, Object value, Object other) {
    return switch (name) {
      case "divisibleby" -> Long.valueOf(0).equals(Operators.apply("%", value, other));
      case "eq", "equalto" -> Operators.compare("==", value, other);
      case "ne" -> Operators.compare("!=", value, other);
      case "lt", "lessthan" -> Operators.compare("<", value, other);
      case "le" -> Operators.compare("<=", value, other);
      case "gt", "greaterthan" -> Operators.compare(">", value, other);
      case "ge" -> Operators.compare(">=", value, other);
      case "in" -> Operators.compare("in", value, other);
      default -> throw new Refusal("the test '" + name + "' is not supported");
    };
  }
}
