package malt.tree;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import malt.ConfigException;

/**
 * Children sampled per prompt, by turn: the paper's [3, 3, 3] is three answers, three critiques of
 * each and three refinements of each critique. Evaluation of k passes is [k, 1, ..., 1].
 */
public record Branching(List<Integer> perTurn) implements Serializable {
  public Branching {
    perTurn = List.copyOf(perTurn);
    if (perTurn.isEmpty() || perTurn.stream().anyMatch(n -> n < 1)) {
      throw new ConfigException(
          "branching must be a list with a whole number of 1 or more per turn, found " + perTurn);
    }
  }

  /** Independent passes of a team: {@code passes} first answers, one follow-up each. */
  public static Branching passes(int passes, int turns) {
    return new Branching(
        IntStream.range(0, turns).map(turn -> turn == 0 ? passes : 1).boxed().toList());
  }

  public int turns() {
    return perTurn.size();
  }

  public int at(int turn) {
    return perTurn.get(turn);
  }

  /** Nodes below one node of {@code turn}; of a whole tree for turn -1. */
  public long descendants(int turn) {
    long level = 1;
    long sum = 0;
    for (int next = turn + 1; next < turns(); next++) {
      level = Math.multiplyExact(level, (long) at(next));
      sum = Math.addExact(sum, level);
    }
    return sum;
  }

  @Override
  public String toString() {
    return perTurn.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
