package malt.problem.math;

/**
 * Work that one comparison may spend, in operations on machine words, roughly; about a microsecond
 * each. Shared by all evaluations of the comparison, so that its time is bounded as a whole.
 */
final class Budget {
  private static final int COMPARISON = 40_000;

  private int left = COMPARISON;

  void charge(int cost) throws UndefinedException {
    left -= cost;
    if (left < 0) {
      throw new UndefinedException("too much work");
    }
  }
}
