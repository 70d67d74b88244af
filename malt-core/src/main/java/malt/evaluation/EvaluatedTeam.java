package malt.evaluation;

import java.util.List;

/**
 * A team whose passes are read.
 *
 * @param meaning of one pass of it
 * @param voters last turns that are put to the vote
 * @param endings whether the table also shows the team ending after each earlier turn
 */
public record EvaluatedTeam(Meaning meaning, List<Turn> turns, int voters, boolean endings) {
  public EvaluatedTeam {
    turns = List.copyOf(turns);
  }

  /** A team whose last answer counts. */
  public EvaluatedTeam(Meaning meaning, List<Turn> turns, boolean endings) {
    this(meaning, turns, 1, endings);
  }

  /** The answers of so many passes. */
  PassVote vote(int passes) {
    return new PassVote(PassVote.LAST, passes, voters);
  }

  /** As methods and reports know it. */
  public String name() {
    return meaning.name();
  }

  /** The same of its first turns. */
  public EvaluatedTeam first(int count) {
    return new EvaluatedTeam(
        meaning, turns.subList(0, count), count < turns.size() ? 1 : voters, endings);
  }
}
