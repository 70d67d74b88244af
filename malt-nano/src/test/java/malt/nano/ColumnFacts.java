package malt.nano;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges written columns from their text alone. */
final class ColumnFacts {
  private static final Pattern COLUMN =
      Pattern.compile("(\\d)([-+*])(\\d)(?:([-+])(\\d))?=(\\d)(\\d)");

  private ColumnFacts() {}

  /** Whether "4+8+1=13" or "4-8=16" is true: left to right, a negative difference borrows ten. */
  static boolean holds(String column) {
    Matcher parts = parts(column);
    int left = Integer.parseInt(parts.group(1));
    int right = Integer.parseInt(parts.group(3));
    int carry = parts.group(5) == null ? 0 : Integer.parseInt(parts.group(5));
    int tens = Integer.parseInt(parts.group(6));
    int digit = Integer.parseInt(parts.group(7));
    return switch (parts.group(2)) {
      case "+" -> tens * 10 + digit == left + right + carry;
      case "*" -> tens * 10 + digit == left * right + carry;
      default -> tens <= 1 && digit - 10 * tens == left - right - carry;
    };
  }

  /** The number whose digits, units first, the columns found. */
  static int value(List<String> columns) {
    int value = 0;
    int place = 1;
    for (String column : columns) {
      value += place * Integer.parseInt(parts(column).group(7));
      place *= 10;
    }
    return value;
  }

  /** Whether each column starts from the carry or borrow that the one before it wrote. */
  static boolean carriesChain(List<String> columns) {
    for (int index = 1; index < columns.size(); index++) {
      String written = parts(columns.get(index - 1)).group(6);
      if (!written.equals(parts(columns.get(index)).group(5))) {
        return false;
      }
    }
    return parts(columns.get(0)).group(5) == null;
  }

  private static Matcher parts(String column) {
    Matcher matcher = COLUMN.matcher(column);
    if (!matcher.matches()) {
      throw new AssertionError("not a column: " + column);
    }
    return matcher;
  }
}
