package malt.torch.text.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What may follow {@code is}. */
final class TypeTests {
  /** Operators by the names under which they are tests; {@code select} takes the operators too. */
  private static final Map<String, String> OPERATORS =
      Map.ofEntries(
          Map.entry("==", "=="),
          Map.entry("eq", "=="),
          Map.entry("equalto", "=="),
          Map.entry("!=", "!="),
          Map.entry("ne", "!="),
          Map.entry("<", "<"),
          Map.entry("lt", "<"),
          Map.entry("lessthan", "<"),
          Map.entry("<=", "<="),
          Map.entry("le", "<="),
          Map.entry(">", ">"),
          Map.entry("gt", ">"),
          Map.entry("greaterthan", ">"),
          Map.entry(">=", ">="),
          Map.entry("ge", ">="),
          Map.entry("in", "in"));

  private static final Set<String> OTHERS_WITH_ARGUMENT = Set.of("divisibleby", "sameas");

  private TypeTests() {}

  static boolean takesArgument(String name) {
    return OPERATORS.containsKey(name) || OTHERS_WITH_ARGUMENT.contains(name);
  }

  static boolean test(String name, Object value, List<Object> arguments) {
    if (!takesArgument(name)) {
      boolean holds = test(name, value); // first, so that an unknown test is called unknown
      requireArguments(name, arguments, 0);
      return holds;
    }
    requireArguments(name, arguments, 1);
    Object other = arguments.get(0);
    return switch (name) {
      case "divisibleby" -> Long.valueOf(0).equals(Operators.apply("%", value, other));
      case "sameas" -> same(value, other);
      default -> Operators.compare(Objects.requireNonNull(OPERATORS.get(name)), value, other);
    };
  }

  private static void requireArguments(String name, List<Object> arguments, int wanted) {
    if (arguments.size() != wanted) {
      throw new Refusal(
          "the test '%s' takes %d argument%s, found %d"
              .formatted(name, wanted, wanted == 1 ? "" : "s", arguments.size()));
    }
  }

  /** Python's {@code is}, of what has one object a value; of others it is chance. */
  private static boolean same(Object value, Object other) {
    if (value instanceof Boolean || value instanceof None) {
      return value.equals(other);
    }
    if (other instanceof Boolean || other instanceof None) {
      return false;
    }
    throw new Refusal("the test 'sameas' is supported for true, false and none only");
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
      case "escaped" -> value instanceof Markup;
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
}
