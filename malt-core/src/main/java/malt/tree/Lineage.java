package malt.tree;

import java.io.Serializable;
import java.util.StringJoiner;
import malt.ConfigException;
import malt.agent.Agent;
import malt.agent.AgentTeam;
import org.jspecify.annotations.Nullable;

/**
 * Everyone who has spoken up to a turn, as {@code turn=adapter} joined by {@code >}. Teams that
 * share their first agents have the same lineage there and so share those completions.
 */
public record Lineage(String name) implements Serializable {
  /** The lineage of a whole team. */
  public static Lineage of(AgentTeam team) {
    return of(team, team.turns() - 1);
  }

  /** The lineage of {@code turn}: its agent and all before it. */
  public static Lineage of(AgentTeam team, int turn) {
    return of(team, turn, null);
  }

  /**
   * The lineage under a substitution, which marks the agent whose words are replaced for those who
   * speak after it: {@code verifier=base~shuffled>refiner=base}.
   */
  public static Lineage of(AgentTeam team, int turn, @Nullable Substitution substitution) {
    StringJoiner name = new StringJoiner(">");
    for (int t = 0; t <= turn; t++) {
      String link = link(team.agents().get(t));
      if (substitution != null && substitution.turn() == t && t < turn) {
        link += "~" + substitution.name();
      }
      name.add(link);
    }
    return new Lineage(name.toString());
  }

  /** The turn that speaks last. */
  String speaker() {
    return name.substring(name.lastIndexOf('>') + 1).replaceFirst("=.*", "");
  }

  private static String link(Agent agent) {
    String turn = agent.turn();
    String adapter = agent.adapter().name();
    if ((turn + adapter).matches(".*[>=~].*")) {
      throw new ConfigException(
          "turn and adapter names cannot hold '>', '=' or '~': %s, %s".formatted(turn, adapter));
    }
    return turn + "=" + adapter;
  }

  @Override
  public String toString() {
    return name;
  }
}
