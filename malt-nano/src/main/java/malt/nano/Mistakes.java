package malt.nano;

import java.util.List;

/** The wrong results that the corpus puts into solutions and refinements. */
final class Mistakes {
  private Mistakes() {}

  /** A solution with the result of one random step wrong; the error runs on to the answer. */
  static Solution corrupted(Solution gold, Habit habit, Dice dice) {
    int index = dice.below(gold.lines().size());
    int right = gold.lines().get(index).result();
    return gold.redone(index, wrong(gold.numerals(), right, dice), habit, dice);
  }

  /**
   * Another number of the same width: a carry forgotten or added (10 or 100 off), one digit off by
   * one, the number off by one or by two, or one digit at random; each kind is equally likely.
   */
  static int wrong(Numerals numerals, int right, Dice dice) {
    while (true) {
      int candidate = candidate(numerals, right, dice);
      if (candidate != right && candidate >= 0 && candidate < numerals.limit()) {
        return candidate;
      }
    }
  }

  private static int candidate(Numerals numerals, int right, Dice dice) {
    int sign = dice.choose(List.of(-1, 1));
    int column = dice.below(numerals.digits());
    int digit = Numerals.digit(right, column);
    return switch (dice.below(5)) {
      case 0 -> right + sign * Numerals.power(dice.between(1, numerals.digits() - 1));
      case 1 -> right + (Math.floorMod(digit + sign, 10) - digit) * Numerals.power(column);
      case 2 -> right + sign;
      case 3 -> right + 2 * sign;
      default -> right + (dice.below(10) - digit) * Numerals.power(column);
    };
  }
}
