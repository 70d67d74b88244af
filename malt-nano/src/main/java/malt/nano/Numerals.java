package malt.nano;

/**
 * Zero-padded numbers of a fixed width; arithmetic wraps around at {@code limit}, as columns whose
 * last carry is dropped do. Gold solutions never reach the limit.
 *
 * @param digits the width: 2 or 3
 */
public record Numerals(int digits) {
  /** The first number that is too wide: 10 to the power of the width. */
  int limit() {
    return power(digits);
  }

  /** 10 to the power of {@code column}. */
  static int power(int column) {
    int power = 1;
    for (int i = 0; i < column; i++) {
      power *= 10;
    }
    return power;
  }

  /** The digit of a number in a column; units are column 0. */
  static int digit(int value, int column) {
    return value / power(column) % 10;
  }

  String write(int value) {
    StringBuilder text = new StringBuilder(digits);
    for (int column = digits - 1; column >= 0; column--) {
      text.append(digit(value, column));
    }
    return text.toString();
  }

  /** The operand as questions and steps write it; a multiplier is one digit, not padded. */
  String operand(Step step) {
    return step.operation() == Operation.MULTIPLY
        ? Integer.toString(step.operand())
        : write(step.operand());
  }

  /** "047+385". */
  String expression(int left, Step step) {
    return write(left) + step.operation().sign() + operand(step);
  }

  int apply(int left, Step step) {
    return Math.floorMod(step.operation().apply(left, step.operand()), limit());
  }
}
