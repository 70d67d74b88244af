package malt.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.evaluation.Method;
import malt.evaluation.PaperTable;
import malt.model.AdapterRef;
import malt.tree.Branching;
import malt.tree.Substitution;
import org.jspecify.annotations.Nullable;

/**
 * A team that is evaluated, under the name the report knows it by.
 *
 * @param schedule that trains it; null for the untrained base
 * @param branching of its passes over a question
 * @param substitution what the refiner is shown in place of the critique; null for what was said
 */
record Contestant(
    String name,
    @Nullable Schedule schedule,
    AgentTeam team,
    Branching branching,
    @Nullable Substitution substitution) {

  /** Everyone these settings ask for, trained teams of all schedules included. */
  static List<Contestant> all(
      ExperimentConfig config, ExperimentConfig.EvaluationSettings evaluation, Roster roster) {
    int votes = evaluation.votes();
    AgentTeam base = roster.evaluating();
    List<Contestant> all = new ArrayList<>();
    all.add(passes("MA", null, base, votes));
    for (Schedule schedule : config.schedules()) {
      String suffix = schedule.suffix();
      if (schedule != Schedule.SFT_FIRST || !config.schedules().contains(Schedule.JOINT)) {
        all.add(
            passes("STaR MA" + suffix, schedule, base.withAdapters(roster.star(schedule)), votes));
      } // else it is the same team
      Map<AgentRole, AdapterRef> malt = roster.malt(schedule);
      Contestant full = passes("MALT" + suffix, schedule, base.withAdapters(malt), votes);
      all.add(full);
      if (evaluation.ablated().contains(schedule)) {
        for (ExperimentConfig.Ablation ablation : evaluation.ablations()) {
          all.addAll(full.ablated(ablation, malt));
        }
      }
    }
    if (evaluation.debate().enabled()) {
      AgentTeam debate = roster.debate();
      all.add(passes(PaperTable.DEBATE, null, debate, 1));
    }
    return all;
  }

  private static Contestant passes(
      String name, @Nullable Schedule schedule, AgentTeam team, int votes) {
    return new Contestant(name, schedule, team, Branching.passes(votes, team.turns()), null);
  }

  private Contestant as(String study, AgentTeam other, @Nullable Substitution shown) {
    return new Contestant(name + ", " + study, schedule, other, branching, shown);
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
        name,
        schedule,
        team.first(turns),
        Branching.passes(passes, turns),
        heard ? substitution : null);
  }

  private List<Contestant> ablated(
      ExperimentConfig.Ablation ablation, Map<AgentRole, AdapterRef> malt) {
    int verifier = team.turns() - 2;
    List<Contestant> studies = new ArrayList<>();
    switch (ablation) {
      case UNTRAINED_ROLE -> {
        for (AgentRole role : malt.keySet()) {
          AgentTeam without = team.withAdapters(Map.of(role, AdapterRef.BASE));
          studies.add(as("untrained " + role, without, null));
        }
      }
      case DROPPED_ROLE -> // G and G+V are read from the full team's own passes
          studies.add(as("G+R", team, Substitution.empty(verifier)));
      case SHUFFLED_CRITIQUES ->
          studies.add(as("shuffled critiques", team, Substitution.shuffled(verifier)));
      case SWAPPED_ADAPTERS -> {
        AgentRole critic = team.agents().get(verifier).role();
        AgentRole last = team.agents().get(verifier + 1).role();
        Map<AgentRole, AdapterRef> swapped = new LinkedHashMap<>();
        swapped.put(critic, adapter(malt, last));
        swapped.put(last, adapter(malt, critic));
        studies.add(as("swapped adapters", team.withAdapters(swapped), null));
      }
    }
    return studies;
  }

  private static AdapterRef adapter(Map<AgentRole, AdapterRef> adapters, AgentRole role) {
    return adapters.getOrDefault(role, AdapterRef.BASE);
  }
}
