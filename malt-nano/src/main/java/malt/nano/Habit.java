package malt.nano;

/**
 * How a result is written in one go, by the generator and by the refiner alike: right, but for a
 * blind spot. Where both unit digits are large, 5 to 9, the carry or borrow they cause is
 * forgotten.
 *
 * @param forget share of such results that are written without it; 0 is no blind spot
 */
record Habit(double forget) {
  private static final int LARGE = 5;
  static final Habit NONE = new Habit(0);

  int result(Numerals numerals, int left, Step step, Dice dice) {
    boolean forgotten = forget > 0 && blind(left, step) && dice.chance(forget);
    return forgotten ? forgotten(numerals, left, step) : numerals.apply(left, step);
  }

  /** Whether a stated result is what this habit writes, right or not. */
  boolean explains(Numerals numerals, Solution.Line line) {
    return line.result() == numerals.apply(line.left(), line.step())
        || (forget > 0
            && blind(line.left(), line.step())
            && line.result() == forgotten(numerals, line.left(), line.step()));
  }

  /** Whether two large unit digits cause a carry or a borrow. */
  private static boolean blind(int left, Step step) {
    return left % 10 >= LARGE && step.operand() % 10 >= LARGE && carried(left, step) != 0;
  }

  /** What the units add to the tens: 4 in 7*6, -1 in a borrow. */
  private static int carried(int left, Step step) {
    return Math.floorDiv(step.operation().apply(left % 10, step.operand() % 10), 10);
  }

  private static int forgotten(Numerals numerals, int left, Step step) {
    return Math.floorMod(numerals.apply(left, step) - 10 * carried(left, step), numerals.limit());
  }
}
