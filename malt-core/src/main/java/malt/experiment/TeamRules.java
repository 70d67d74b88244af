package malt.experiment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import malt.agent.AgentRole;
import malt.agent.PromptTemplate;
import malt.experiment.ExperimentConfig.LoopSettings;
import malt.experiment.ExperimentConfig.TurnSettings;

/** What the team, its loop and its vote must satisfy. */
final class TeamRules {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");
  private static final Set<String> TAKEN =
      Set.of(PromptTemplate.QUESTION, PromptTemplate.ANSWER, PromptTemplate.CRITIQUE);

  private final Violations violations;

  TeamRules(Violations violations) {
    this.violations = violations;
  }

  void check(ExperimentConfig config) {
    violations.require(!config.team().isEmpty(), "team: at least one turn is needed");
    config.team().forEach(this::turn);
    loop(config);
    prompts(TeamChain.turns(config));
    roles(config);
    int turns = TeamChain.turns(config).size();
    Integer voters = config.voters();
    violations.require(
        voters == null || (voters >= 1 && voters <= turns),
        "voters: between 1 and the %s turns of the team, found %s",
        turns,
        voters);
  }

  private void turn(String name, TurnSettings turn) {
    violations.require(
        NAME.matcher(name).matches() && !TAKEN.contains(name),
        "team: turn name '%s' must match %s and be none of %s",
        name,
        NAME,
        new TreeSet<>(TAKEN));
    String role = ExperimentConfig.role(name, turn).name();
    violations.require(
        NAME.matcher(role).matches(), "team.%s.role: '%s' must match %s", name, role, NAME);
    violations.require(
        turn.branching() >= 1, "team.%s.branching: 1 or more, found %s", name, turn.branching());
    violations.require(
        turn.maxTokens() >= 1, "team.%s.max_tokens: 1 or more, found %s", name, turn.maxTokens());
    violations.require(
        new HashSet<>(turn.learns()).size() == turn.learns().size(),
        "team.%s.learns: one stands twice in %s",
        name,
        turn.learns());
    violations.require(!turn.prompt().isEmpty(), "team.%s.prompt: a message is needed", name);
    if (turn.flag() != null) {
      violations.require(turn.judging(), "team.%s.flag: only of a turn with judges: true", name);
      try {
        Pattern.compile(turn.flag());
      } catch (PatternSyntaxException e) {
        violations.add(
            "team.%s.flag: not a regular expression: %s".formatted(name, e.getDescription()));
      }
    }
  }

  private void loop(ExperimentConfig config) {
    LoopSettings loop = config.loop();
    if (loop == null) {
      return;
    }
    List<String> turns = List.copyOf(config.team().keySet());
    int looped = loop.turns().size();
    violations.require(loop.times() >= 1, "loop.times: 1 or more, found %s", loop.times());
    boolean last =
        looped >= 1
            && looped < turns.size()
            && turns.subList(turns.size() - looped, turns.size()).equals(loop.turns());
    violations.require(
        last,
        "loop.turns: the last turns of the team, but not all, in their order; the team is %s, found %s",
        turns,
        loop.turns());
    violations.require(
        loop.turns().stream()
            .map(config.team()::get)
            .anyMatch(
                turn ->
                    turn != null
                        && turn.judging()
                        && turn.flag() != null
                        && !turn.flag().isEmpty()),
        "loop.turns: one of them must judge, with a flag: a loop ends when it does not object");
    violations.require(
        config.voters() == null, "voters: the last answer counts where there is a loop");
  }

  private void prompts(Map<String, TurnSettings> turns) {
    Set<String> known = new HashSet<>(Set.of(PromptTemplate.QUESTION));
    for (Map.Entry<String, TurnSettings> entry : turns.entrySet()) {
      String turn = entry.getKey();
      TurnSettings settings = entry.getValue();
      for (String name : ExperimentConfig.template(settings.prompt()).placeholders().keySet()) {
        violations.require(
            known.contains(name),
            "team.%s.prompt: {%s} names no earlier turn; known here: %s",
            turn,
            name,
            String.join(", ", new TreeSet<>(known)));
      }
      violations.require(
          !settings.judging() || known.contains(PromptTemplate.ANSWER),
          "team.%s.judges: nobody has answered before it",
          turn);
      known.add(turn);
      known.add(settings.judging() ? PromptTemplate.CRITIQUE : PromptTemplate.ANSWER);
    }
  }

  /** A role that speaks twice learns the same things on both turns. */
  private void roles(ExperimentConfig config) {
    Map<AgentRole, List<Learning>> learns = new HashMap<>();
    config
        .team()
        .forEach(
            (name, turn) -> {
              AgentRole role = ExperimentConfig.role(name, turn);
              List<Learning> first = learns.putIfAbsent(role, new ArrayList<>(turn.learns()));
              violations.require(
                  first == null || first.equals(turn.learns()),
                  "team.%s.learns: as on the other turn of the %s, %s; found %s",
                  name,
                  role,
                  first,
                  turn.learns());
            });
  }
}
