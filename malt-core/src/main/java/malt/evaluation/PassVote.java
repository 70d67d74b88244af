package malt.evaluation;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The answers that one turn gives in each pass, or several last ones. Only a turn's own text is
 * read (method: {@code a = T(r)}): a refiner that states no answer gives none.
 *
 * @param turn 0 for the generator alone (SA), {@link #LAST} for the whole team (MA, MALT)
 * @param passes of the team over a question, k
 * @param voters turns up to that one that are put to the vote; several rest on the turns before
 *     them, not on each other, as in the last round of a debate
 */
public record PassVote(int turn, int passes, int voters) implements AnsweringStrategy {
  /** The team's last turn, however many it has. */
  public static final int LAST = -1;

  public PassVote {
    if (turn < LAST || passes < 1 || voters < 1) {
      throw new IllegalArgumentException(
          "turn %d, passes %d, voters %d".formatted(turn, passes, voters));
    }
  }

  /** The answers of one turn. */
  public PassVote(int turn, int passes) {
    this(turn, passes, 1);
  }

  @Override
  public int turns(int turns) {
    return turn == LAST ? turns : turn + 1;
  }

  @Override
  public List<Ballot> ballots(List<Pass> all, List<Turn> turns) {
    return all.stream().flatMap(pass -> ballots(pass, turns)).toList();
  }

  private Stream<Ballot> ballots(Pass pass, List<Turn> turns) {
    int end = turns(turns.size());
    int before = end - voters;
    return voters == 1
        ? Stream.of(pass.answer(turns, end))
        : IntStream.range(before, end).mapToObj(voter -> pass.ballot(voter, before));
  }
}
