package malt.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.Prompt;
import malt.problem.Problem;

/**
 * A chain of agents that speak in turn on one question; the last one's text holds the answer. A
 * single agent is a chain of one. Turn t is played by {@code agents.get(t)}.
 */
public record AgentTeam(List<Agent> agents) {
  public AgentTeam {
    agents = List.copyOf(agents);
  }

  public int turns() {
    return agents.size();
  }

  /**
   * The prompt of the agent whose turn follows {@code path}.
   *
   * @param path completions of turns 0 .. path.size()-1
   */
  public Prompt prompt(Problem problem, List<Completion> path) {
    Map<String, Completion> spoken = new LinkedHashMap<>();
    for (int turn = 0; turn < path.size(); turn++) {
      spoken.put(agents.get(turn).role().name(), path.get(turn));
    }
    return agents.get(path.size()).prompt().fill(problem.question(), spoken);
  }

  /** The same team with the adapters given; roles that are not named keep theirs. */
  public AgentTeam withAdapters(Map<AgentRole, AdapterRef> adapters) {
    return map(agent -> agent.withAdapter(adapters.getOrDefault(agent.role(), agent.adapter())));
  }

  /** The same team with every agent changed. */
  public AgentTeam map(UnaryOperator<Agent> change) {
    return new AgentTeam(agents.stream().map(change).toList());
  }
}
