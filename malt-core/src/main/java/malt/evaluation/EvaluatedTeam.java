package malt.evaluation;

import java.util.List;

/**
 * A team whose passes are read.
 *
 * @param meaning of one pass of it
 * @param endings whether the table also shows the team ending after each earlier turn
 */
public record EvaluatedTeam(Meaning meaning, List<Turn> turns, boolean endings) {
  public EvaluatedTeam {
    turns = List.copyOf(turns);
  }

  /** As methods and reports know it. */
  public String name() {
    return meaning.name();
  }

  /** The same of its first turns. */
  public EvaluatedTeam first(int count) {
    return new EvaluatedTeam(meaning, turns.subList(0, count), endings);
  }
}
