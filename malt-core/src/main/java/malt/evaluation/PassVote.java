package malt.evaluation;

import java.util.List;

/**
 * The answers that one turn gives in each pass. Only that turn's own text is read (method: {@code a
 * = T(r)}): a refiner that states no answer gives none.
 *
 * @param turn 0 for the generator alone (SA), {@link #LAST} for the whole team (MA, MALT)
 * @param passes votes, k
 */
public record PassVote(int turn, int passes) implements AnsweringStrategy {
  /** The team's last turn, however many it has. */
  public static final int LAST = -1;

  public PassVote {
    if (turn < LAST || passes < 1) {
      throw new IllegalArgumentException("turn %d, passes %d".formatted(turn, passes));
    }
  }

  @Override
  public int turns(int turns) {
    return turn == LAST ? turns : turn + 1;
  }

  @Override
  public List<Ballot> ballots(List<Pass> all, List<Turn> turns) {
    return all.stream().map(pass -> pass.answer(turns, turns(turns.size()))).toList();
  }
}
