package malt.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.agent.Judgement;
import malt.evaluation.EvaluatedTeam;
import malt.evaluation.Meaning;
import malt.evaluation.Method;
import malt.evaluation.Study;
import malt.evaluation.Turn;
import malt.model.AdapterRef;
import malt.tree.Branching;
import malt.tree.Substitution;
import org.jspecify.annotations.Nullable;

/**
 * A team that is evaluated.
 *
 * @param identity what the report knows of it
 * @param schedule that trains it; null for the untrained base
 * @param branching of its passes over a question
 * @param substitution what later turns are shown in place of a critique; null for what was said
 */
record Contestant(
    EvaluatedTeam identity,
    @Nullable Schedule schedule,
    AgentTeam team,
    Branching branching,
    @Nullable Substitution substitution) {

  /**
   * Everyone these settings ask for, trained teams of all schedules included. A team that by plan
   * has the adapters of one of an earlier schedule is that team, and not there again.
   */
  static List<Contestant> all(
      ExperimentConfig config, ExperimentConfig.EvaluationSettings evaluation, Roster roster) {
    AgentTeam base = judged(roster.evaluating(), evaluation.flag());
    List<Turn> turns = Turn.of(base);
    List<Contestant> all = new ArrayList<>();
    all.add(passes(Meaning.base(turns), turns, null, base, evaluation));
    Set<Map<AgentRole, AdapterRef>> imitating = new HashSet<>();
    Set<Map<AgentRole, AdapterRef>> preferring = new HashSet<>();
    for (Schedule schedule : inOrder(config.schedules())) {
      if (imitating.add(roster.plannedStar(schedule))) {
        Meaning meaning =
            Meaning.imitation(schedule.directory(), schedule.label(), schedule.remark(), turns);
        AgentTeam team = base.withAdapters(roster.star(schedule));
        all.add(passes(meaning, turns, schedule, team, evaluation));
      }
      if (preferring.add(roster.plannedMalt(schedule))) {
        all.addAll(trained(schedule, turns, base, evaluation, roster));
      }
    }
    if (evaluation.debate().enabled()) {
      AgentTeam debate = roster.debate();
      Meaning meaning = Meaning.debate(evaluation.debate().agents());
      all.add(contestant(meaning, Turn.of(debate), null, debate, 1, false));
    }
    return all;
  }

  private static List<Schedule> inOrder(List<Schedule> schedules) {
    return Arrays.stream(Schedule.values()).filter(schedules::contains).toList();
  }

  /**
   * The same team, in which the turns of the role "verifier" judge the answer before them; without
   * any, the last turn but one does.
   */
  private static AgentTeam judged(AgentTeam team, String flag) {
    List<Agent> agents = new ArrayList<>(team.agents());
    Set<Integer> judges = judges(agents.stream().map(Agent::role).toList());
    int answer = 0;
    for (int turn = 0; turn < agents.size(); turn++) {
      if (judges.contains(turn)) {
        agents.set(turn, agents.get(turn).judging(new Judgement(answer, flag, false)));
      } else {
        answer = turn;
      }
    }
    return new AgentTeam(agents);
  }

  private static Set<Integer> judges(List<AgentRole> roles) {
    boolean named = roles.lastIndexOf(AgentRole.VERIFIER) > 0;
    return IntStream.range(1, roles.size())
        .filter(
            turn -> named ? roles.get(turn).equals(AgentRole.VERIFIER) : turn == roles.size() - 2)
        .boxed()
        .collect(Collectors.toSet());
  }

  /** A whole schedule's team, and its studies where they are asked for. */
  private static List<Contestant> trained(
      Schedule schedule,
      List<Turn> turns,
      AgentTeam base,
      ExperimentConfig.EvaluationSettings evaluation,
      Roster roster) {
    Meaning meaning =
        Meaning.malt(
            schedule.directory(),
            schedule.label(),
            schedule.remark(),
            turns,
            roster.preferring().stream().map(AgentRole::name).collect(Collectors.toSet()));
    Map<AgentRole, AdapterRef> malt = roster.malt(schedule);
    List<ExperimentConfig.Ablation> ablations =
        evaluation.ablated().contains(schedule) ? evaluation.ablations() : List.of();
    Contestant full =
        contestant(
            meaning,
            turns,
            schedule,
            base.withAdapters(malt),
            evaluation.votes(),
            ablations.contains(ExperimentConfig.Ablation.DROPPED_ROLE));
    List<Contestant> all = new ArrayList<>(List.of(full));
    ablations.forEach(ablation -> all.addAll(full.ablated(ablation, malt)));
    return all;
  }

  private static Contestant passes(
      Meaning meaning,
      List<Turn> turns,
      @Nullable Schedule schedule,
      AgentTeam team,
      ExperimentConfig.EvaluationSettings evaluation) {
    return contestant(meaning, turns, schedule, team, evaluation.votes(), false);
  }

  private static Contestant contestant(
      Meaning meaning,
      List<Turn> turns,
      @Nullable Schedule schedule,
      AgentTeam team,
      int votes,
      boolean endings) {
    return new Contestant(
        new EvaluatedTeam(meaning, turns, endings),
        schedule,
        team,
        Branching.passes(votes, team.turns()),
        null);
  }

  String name() {
    return identity.name();
  }

  private Contestant as(Study study, AgentTeam other, @Nullable Substitution shown) {
    EvaluatedTeam changed =
        new EvaluatedTeam(identity.meaning().with(study), identity.turns(), false);
    return new Contestant(changed, schedule, other, branching, shown);
  }

  /** Cut to the passes and turns that these methods read. */
  Contestant onlyFor(List<Method> methods) {
    int turns = 1;
    int passes = 1;
    for (Method method : methods) {
      turns = Math.max(turns, method.strategy().turns(team.turns()));
      passes = Math.max(passes, method.strategy().passes());
    }
    boolean heard = substitution != null && substitution.turn() < turns - 1;
    return new Contestant(
        identity.first(turns),
        schedule,
        team.first(turns),
        Branching.passes(passes, turns),
        heard ? substitution : null);
  }

  /** Whether a chain of these roles has a turn that judges and one after it that can hear that. */
  static boolean heardJudge(List<AgentRole> roles) {
    return judges(roles).stream().anyMatch(judge -> judge < roles.size() - 1);
  }

  private List<Contestant> ablated(
      ExperimentConfig.Ablation ablation, Map<AgentRole, AdapterRef> malt) {
    List<Turn> turns = identity.turns();
    List<Contestant> studies = new ArrayList<>();
    if (ablation == ExperimentConfig.Ablation.UNTRAINED_ROLE && turns.size() > 1) {
      for (AgentRole role : malt.keySet()) {
        AgentTeam without = team.withAdapters(Map.of(role, AdapterRef.BASE));
        studies.add(as(Study.untrained(turns, role.name()), without, null));
      }
    }
    for (int judge : team.judges()) {
      if (judge == turns.size() - 1) {
        continue; // nobody hears it
      }
      switch (ablation) {
        case UNTRAINED_ROLE -> {} // not a study of critiques
        case DROPPED_ROLE -> // shorter chains are read from the full team's own passes
            studies.add(as(Study.silenced(turns, judge), team, Substitution.empty(judge)));
        case SHUFFLED_CRITIQUES ->
            studies.add(as(Study.shuffled(turns, judge), team, Substitution.shuffled(judge)));
        case SWAPPED_ADAPTERS -> {
          AgentRole critic = team.agents().get(judge).role();
          AgentRole next = team.agents().get(judge + 1).role();
          Map<AgentRole, AdapterRef> swapped = new LinkedHashMap<>();
          swapped.put(critic, malt.getOrDefault(next, AdapterRef.BASE));
          swapped.put(next, malt.getOrDefault(critic, AdapterRef.BASE));
          studies.add(as(Study.swapped(turns, judge), team.withAdapters(swapped), null));
        }
      }
    }
    return studies;
  }
}
