package malt.evaluation;

import java.util.List;
import malt.agent.AgentTeam;
import malt.agent.Judgement;
import org.jspecify.annotations.Nullable;

/**
 * A turn of a team, as reports name it.
 *
 * @param name unique in the team
 * @param role that speaks
 * @param judges what its words say of an earlier answer; null where they are an answer
 */
public record Turn(String name, String role, @Nullable Judgement judges) {
  /** The turns of a team. */
  public static List<Turn> of(AgentTeam team) {
    return team.agents().stream()
        .map(agent -> new Turn(agent.turn(), agent.role().name(), agent.judges()))
        .toList();
  }

  /**
   * The turn that holds the answer after the first {@code spoken} turns: the last that does not
   * judge.
   */
  static int answering(List<Turn> turns, int spoken) {
    return AgentTeam.answering(spoken, turn -> turns.get(turn).judges() != null);
  }
}
