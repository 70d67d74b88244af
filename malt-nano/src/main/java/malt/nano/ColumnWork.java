package malt.nano;

import java.util.ArrayList;
import java.util.List;

/**
 * A step recomputed column by column, units first: single-digit facts with the carry or borrow
 * written out, "7+5=12 4+8+1=13 0+3+1=04". Each outcome has two digits: the carry or borrow, then
 * the digit of the result ("4-8=16": digit 6, borrow 1). The last carry is dropped.
 *
 * @param value what the columns' digits amount to
 * @param slips how many columns hold a slip
 */
record ColumnWork(List<String> columns, int value, int slips) {
  ColumnWork {
    columns = List.copyOf(columns);
  }

  /** Works a step out; each column's outcome is wrong with probability {@code slip}. */
  static ColumnWork of(Numerals numerals, int left, Step step, double slip, Dice dice) {
    List<String> columns = new ArrayList<>();
    int value = 0;
    int slips = 0;
    int carry = 0;
    for (int column = 0; column < numerals.digits(); column++) {
      int outcome = outcome(left, step, column, carry);
      if (dice.chance(slip)) {
        outcome = slipped(outcome, step.operation(), dice);
        slips++;
      }
      columns.add(expression(left, step, column, carry) + "=" + outcome / 10 + outcome % 10);
      value += outcome % 10 * Numerals.power(column);
      carry = outcome / 10;
    }
    return new ColumnWork(columns, value, slips);
  }

  static ColumnWork faultless(Numerals numerals, int left, Step step) {
    return of(numerals, left, step, 0, new Dice(0));
  }

  String text() {
    return String.join(" ", columns);
  }

  private static int right(Step step, int column) {
    return step.operation() == Operation.MULTIPLY
        ? step.operand()
        : Numerals.digit(step.operand(), column);
  }

  private static String expression(int left, Step step, int column, int carry) {
    String pair = "" + Numerals.digit(left, column) + step.operation().sign() + right(step, column);
    if (column == 0) {
      return pair;
    }
    return pair + (step.operation() == Operation.SUBTRACT ? "-" : "+") + carry;
  }

  /** Ten times the carry or borrow, plus the digit. */
  private static int outcome(int left, Step step, int column, int carry) {
    int digit = step.operation().apply(Numerals.digit(left, column), right(step, column));
    if (step.operation() != Operation.SUBTRACT) {
      return digit + carry;
    }
    int difference = digit - carry;
    return difference < 0 ? difference + 20 : difference; // borrow 1 = tens digit 1, digit + 10
  }

  private static int slipped(int outcome, Operation operation, Dice dice) {
    int carry = outcome / 10;
    int digit = outcome % 10;
    if (dice.chance(0.5)) {
      return carry * 10 + Math.floorMod(digit + dice.choose(List.of(-1, 1)), 10);
    }
    int wrongCarry = operation == Operation.MULTIPLY && carry > 0 ? carry - 1 : carry == 0 ? 1 : 0;
    return wrongCarry * 10 + digit;
  }
}
