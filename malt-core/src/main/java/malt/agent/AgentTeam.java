package malt.agent;

import java.io.Serializable;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import malt.ConfigException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.Prompt;
import malt.problem.Grader;
import malt.problem.Problem;

/**
 * Agents that speak in turn on one question; turn t is played by {@code agents.get(t)}. The answer
 * is that of the last turn that gives one, or the vote of several last turns. A single agent is a
 * chain of one; a role that speaks twice has two turns.
 *
 * @param voters last turns that are put to the vote; 1 where the last answer is the team's
 */
public record AgentTeam(List<Agent> agents, int voters) implements Serializable {
  public AgentTeam {
    agents = List.copyOf(agents);
    if (agents.isEmpty() || voters < 1 || voters > agents.size()) {
      throw new ConfigException(
          "%d voters in a team of %d turns; between one and all of them vote"
              .formatted(voters, agents.size()));
    }
    Set<String> names = new HashSet<>();
    for (Agent agent : agents) {
      if (!names.add(agent.turn())) {
        throw new ConfigException("two turns of the team are called " + agent.turn());
      }
    }
  }

  /** A chain whose last answer counts. */
  public AgentTeam(List<Agent> agents) {
    this(agents, 1);
  }

  public int turns() {
    return agents.size();
  }

  /** Every role once, in the order in which they first speak. */
  public List<AgentRole> roles() {
    return agents.stream().map(Agent::role).distinct().toList();
  }

  /** The names of the turns. */
  public List<String> turnNames() {
    return agents.stream().map(Agent::turn).toList();
  }

  /** The turns that judge an earlier one. */
  public List<Integer> judges() {
    return IntStream.range(0, turns())
        .filter(turn -> agents.get(turn).judges() != null)
        .boxed()
        .toList();
  }

  /**
   * The prompt of the agent whose turn follows {@code path}.
   *
   * @param path completions of turns 0 .. path.size()-1
   */
  public Prompt prompt(Problem problem, List<Completion> path) {
    Map<String, Completion> spoken = new LinkedHashMap<>();
    for (int turn = 0; turn < path.size(); turn++) {
      Agent agent = agents.get(turn);
      spoken.put(agent.turn(), path.get(turn));
      spoken.put(
          agent.judges() == null ? PromptTemplate.ANSWER : PromptTemplate.CRITIQUE, path.get(turn));
    }
    return agents.get(path.size()).prompt().fill(problem.question(), spoken);
  }

  /** Whether these words of a turn end the work before the last turn. */
  public boolean ends(int turn, Completion said) {
    Judgement judges = agents.get(turn).judges();
    return judges != null && judges.closes(said.text());
  }

  /**
   * The turns that hold the answer after the first {@code spoken} turns: those that vote, or the
   * last that does not judge.
   */
  public List<Integer> answering(int spoken) {
    if (voters > 1) {
      return IntStream.range(Math.max(0, spoken - voters), spoken).boxed().toList();
    }
    return List.of(answering(spoken, turn -> agents.get(turn).judges() != null));
  }

  /** The last of {@code spoken} turns that does not judge, or the first of all. */
  public static int answering(int spoken, IntPredicate judges) {
    int last = spoken - 1;
    while (last > 0 && judges.test(last)) {
      last--;
    }
    return last;
  }

  /**
   * The completion that holds the team's answer.
   *
   * @param path what was said, turn by turn, to the end
   */
  public Completion answer(Grader grader, Problem problem, List<Completion> path) {
    List<Completion> voices = answering(path.size()).stream().map(path::get).toList();
    return voices.size() == 1
        ? voices.get(0)
        : MajorityVote.winner(grader, problem.question(), voices).orElse(voices.get(0));
  }

  /** The first turns alone; the last answer among them counts. */
  public AgentTeam first(int turns) {
    return turns == turns() ? this : new AgentTeam(agents.subList(0, turns));
  }

  /** The same team with the adapters given; roles that are not named keep theirs. */
  public AgentTeam withAdapters(Map<AgentRole, AdapterRef> adapters) {
    return map(agent -> agent.withAdapter(adapters.getOrDefault(agent.role(), agent.adapter())));
  }

  /** The same team with every agent changed. */
  public AgentTeam map(UnaryOperator<Agent> change) {
    return new AgentTeam(agents.stream().map(change).toList(), voters);
  }
}
