package malt.torch.text.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Arithmetic and comparison with Python's meaning. */
final class Operators {
  private static final int MAX_REPEAT = 1 << 20;

  private Operators() {}

  static boolean compare(String operator, Object left, Object right) {
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      case "<" -> order(left, right) < 0;
      case "<=" -> order(left, right) <= 0;
      case ">" -> order(left, right) > 0;
      case ">=" -> order(left, right) >= 0;
      default -> throw new Refusal("the operator " + operator + " is not supported");
    };
  }

  static boolean equal(Object left, Object right) {
    if (isNumber(left) && isNumber(right)) {
      return number(left) == number(right);
    }
    if (left instanceof Markup || right instanceof Markup) {
      return Values.toText(left).equals(Values.toText(right));
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      if (a.size() != b.size() || (left instanceof Tuple) != (right instanceof Tuple)) {
        return false;
      }
      for (int i = 0; i < a.size(); i++) {
        if (!equal(a.get(i), b.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
      return a.size() == b.size()
          && a.entrySet().stream()
              .allMatch(e -> b.containsKey(e.getKey()) && equal(e.getValue(), b.get(e.getKey())));
    }
    return left.equals(right);
  }

  private static boolean contains(Object container, Object item) {
    if (container instanceof String text) {
      if (item instanceof String part) {
        return text.contains(part);
      }
      throw new Refusal("'in' a string needs a string, not a " + Values.typeName(item));
    }
    if (container instanceof Map<?, ?> map) {
      return map.containsKey(Values.key(item));
    }
    return Values.iterate(container).stream().anyMatch(other -> equal(other, item));
  }

  static int order(Object left, Object right) {
    if (isNumber(left) && isNumber(right)) {
      return Double.compare(number(left), number(right));
    }
    if (left instanceof String a && right instanceof String b) {
      int[] codesA = a.codePoints().toArray();
      int[] codesB = b.codePoints().toArray();
      return Arrays.compare(codesA, codesB);
    }
    throw unsupported("an order", left, right);
  }

  static Object apply(String operator, Object left, Object right) {
    if (operator.equals("+")) {
      if (left instanceof Markup || right instanceof Markup) {
        return Markup.join(left, right);
      }
      if (left instanceof String a && right instanceof String b) {
        return a + b;
      }
      if (left instanceof List<?> a && right instanceof List<?> b) {
        List<Object> joined = new ArrayList<>(a);
        joined.addAll(b);
        return left instanceof Tuple ? new Tuple(joined) : joined;
      }
    }
    if (operator.equals("*") && left instanceof String text && right instanceof Long times) {
      if (times > 0 && times * text.length() > MAX_REPEAT) {
        throw new Refusal("a string repeated beyond " + MAX_REPEAT + " characters");
      }
      return text.repeat((int) Math.max(0, times));
    }
    if (!isNumber(left) || !isNumber(right)) {
      throw unsupported("'" + operator + "'", left, right);
    }
    return left instanceof Double || right instanceof Double || operator.equals("/")
        ? real(operator, number(left), number(right))
        : integer(operator, Values.integer(left), Values.integer(right));
  }

  private static Object integer(String operator, long left, long right) {
    try {
      return switch (operator) {
        case "+" -> Math.addExact(left, right);
        case "-" -> Math.subtractExact(left, right);
        case "*" -> Math.multiplyExact(left, right);
        case "//" -> Math.floorDiv(left, right);
        case "%" -> Math.floorMod(left, right);
        default -> throw new Refusal("the operator " + operator + " is not supported");
      };
    } catch (ArithmeticException e) {
      throw new Refusal("%d %s %d: %s".formatted(left, operator, right, e.getMessage()));
    }
  }

  private static Object real(String operator, double left, double right) {
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> {
        if (right == 0) {
          throw new Refusal("division by zero");
        }
        yield left / right;
      }
      default -> throw new Refusal("the operator " + operator + " on floats is not supported");
    };
  }

  static Object sign(boolean negative, Object value) {
    if (value instanceof Double number) {
      return negative ? -number : number;
    }
    long number = Values.integer(value);
    return negative ? -number : number;
  }

  private static boolean isNumber(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  private static double number(Object value) {
    return value instanceof Number number ? number.doubleValue() : Values.integer(value);
  }

  private static Refusal unsupported(String what, Object left, Object right) {
    if (left instanceof Undefined undefined) {
      return undefined.refusal();
    }
    if (right instanceof Undefined undefined) {
      return undefined.refusal();
    }
    return new Refusal(
        "%s of %s and %s is not supported"
            .formatted(what, Values.typeName(left), Values.typeName(right)));
  }
}
