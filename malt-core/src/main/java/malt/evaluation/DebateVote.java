package malt.evaluation;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A debate: one long pass whose last round, one turn per debater, is put to the vote. A debater's
 * last answer rests on the earlier rounds, not on the others of its own round.
 *
 * @param debaters agents of a round
 */
public record DebateVote(int debaters) implements AnsweringStrategy {
  public DebateVote {
    if (debaters < 1) {
      throw new IllegalArgumentException("debaters " + debaters);
    }
  }

  @Override
  public int passes() {
    return 1;
  }

  @Override
  public int turns(int turns) {
    return turns;
  }

  @Override
  public List<Ballot> ballots(List<Pass> passes, List<Turn> turns) {
    int round = turns.size() - debaters;
    return IntStream.range(round, turns.size())
        .mapToObj(turn -> passes.get(0).ballot(turn, round))
        .toList();
  }
}
