package malt.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import malt.agent.AgentRole;
import org.jspecify.annotations.Nullable;

/**
 * A turn of a team, as reports name it.
 *
 * @param name unique in the team: the role, and a number from its second turn on
 * @param role that speaks
 * @param judges whether its text judges the answer that stands before it
 * @param flag recognises that the text calls that answer wrong; null where it judges nothing, or
 *     where nobody said how to tell
 */
public record Turn(String name, String role, boolean judges, @Nullable FlagDetector flag) {
  /** The turns of a team in which nobody judges anybody, as in a debate. */
  public static List<Turn> of(List<String> roles) {
    List<Turn> turns = new ArrayList<>();
    for (int turn = 0; turn < roles.size(); turn++) {
      String role = roles.get(turn);
      int before = Collections.frequency(roles.subList(0, turn), role);
      turns.add(new Turn(before == 0 ? role : role + " " + (before + 1), role, false, null));
    }
    return List.copyOf(turns);
  }

  /**
   * The turns of a chain. Its judges are the turns of the role "verifier" after the first turn; of
   * a chain without any, the last turn but one.
   *
   * @param flag of every judge; null leaves what they say unread
   */
  public static List<Turn> chain(List<String> roles, @Nullable FlagDetector flag) {
    List<Turn> turns = new ArrayList<>(of(roles));
    boolean named = roles.lastIndexOf(AgentRole.VERIFIER.name()) > 0;
    for (int turn = 1; turn < turns.size(); turn++) {
      String role = roles.get(turn);
      if (named ? role.equals(AgentRole.VERIFIER.name()) : turn == turns.size() - 2) {
        turns.set(turn, new Turn(turns.get(turn).name(), role, true, flag));
      }
    }
    return List.copyOf(turns);
  }
}
