package malt.app.nano;

/**
 * How a result is written in one go, by the generator and by the refiner alike: right, but for a
 * blind spot. Where both unit digits are odd, the carry or borrow that they cause is forgotten.
 *
 * @param forget share of such results that are written without it; 0 is no blind spot
 */
record Habit(double forget) {
  static final Habit NONE = new Habit(0);

  int result(Numerals numerals, int left, Step step, Dice dice) {
    boolean forgotten = blind(left, step) && dice.chance(forget);
    return forgotten ? forgotten(numerals, left, step) : numerals.apply(left, step);
  }

  /** Whether a stated result is what this habit writes, right or not. */
  boolean explains(Numerals numerals, Solution.Line line) {
    return line.result() == numerals.apply(line.left(), line.step())
        || (forget > 0
            && blind(line.left(), line.step())
            && line.result() == forgotten(numerals, line.left(), line.step()));
  }

  /** Whether odd unit digits cause a carry or a borrow. */
  private static boolean blind(int left, Step step) {
    int a = left % 10;
    int b = step.operand() % 10;
    return a % 2 == 1 && b % 2 == 1 && carried(left, step) != 0;
  }

  /** What the units add to the tens: 4 in 7*6, -1 in a borrow. */
  private static int carried(int left, Step step) {
    return Math.floorDiv(step.operation().apply(left % 10, step.operand() % 10), 10);
  }

  private static int forgotten(Numerals numerals, int left, Step step) {
    return Math.floorMod(numerals.apply(left, step) - 10 * carried(left, step), numerals.limit());
  }
}
