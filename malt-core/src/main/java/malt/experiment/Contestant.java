package malt.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.evaluation.PaperTable;
import malt.model.AdapterRef;
import malt.tree.Branching;
import malt.tree.Substitution;
import org.jspecify.annotations.Nullable;

/**
 * A team that is evaluated, under the name the report knows it by.
 *
 * @param branching of its passes over a question
 * @param substitution what the refiner is shown in place of the critique; null for what was said
 */
record Contestant(
    String name, AgentTeam team, Branching branching, @Nullable Substitution substitution) {

  /** Everyone the configuration asks for, trained teams of all schedules included. */
  static List<Contestant> all(ExperimentConfig config, Roster roster) {
    int votes = config.evaluation().votes();
    AgentTeam base = roster.evaluating();
    List<Contestant> all = new ArrayList<>();
    all.add(passes("MA", base, votes));
    for (Schedule schedule : config.schedules()) {
      String suffix = schedule.suffix();
      if (schedule != Schedule.SFT_FIRST || !config.schedules().contains(Schedule.JOINT)) {
        all.add(passes("STaR MA" + suffix, base.withAdapters(roster.star(schedule)), votes));
      } // else it is the same team
      Map<AgentRole, AdapterRef> malt = roster.malt(schedule);
      all.add(passes("MALT" + suffix, base.withAdapters(malt), votes));
      if (config.evaluation().ablated().contains(schedule)) {
        for (ExperimentConfig.Ablation ablation : config.evaluation().ablations()) {
          all.addAll(ablated(ablation, "MALT" + suffix, base, malt, votes));
        }
      }
    }
    if (config.evaluation().debate().enabled()) {
      AgentTeam debate = roster.debate();
      all.add(new Contestant(PaperTable.DEBATE, debate, Branching.passes(1, debate.turns()), null));
    }
    return all;
  }

  private static Contestant passes(String name, AgentTeam team, int votes) {
    return new Contestant(name, team, Branching.passes(votes, team.turns()), null);
  }

  private static List<Contestant> ablated(
      ExperimentConfig.Ablation ablation,
      String full,
      AgentTeam base,
      Map<AgentRole, AdapterRef> malt,
      int votes) {
    AgentTeam team = base.withAdapters(malt);
    int verifier = team.turns() - 2;
    List<Contestant> studies = new ArrayList<>();
    switch (ablation) {
      case UNTRAINED_ROLE -> {
        for (AgentRole role : malt.keySet()) {
          studies.add(
              passes(
                  full + ", untrained " + role,
                  team.withAdapters(Map.of(role, AdapterRef.BASE)),
                  votes));
        }
      }
      case DROPPED_ROLE -> // G and G+V are read from the full team's own passes
          studies.add(
              new Contestant(
                  full + ", G+R",
                  team,
                  Branching.passes(votes, team.turns()),
                  Substitution.empty(verifier)));
      case SHUFFLED_CRITIQUES ->
          studies.add(
              new Contestant(
                  full + ", shuffled critiques",
                  team,
                  Branching.passes(votes, team.turns()),
                  Substitution.shuffled(verifier)));
      case SWAPPED_ADAPTERS -> {
        AgentRole critic = team.agents().get(verifier).role();
        AgentRole last = team.agents().get(verifier + 1).role();
        Map<AgentRole, AdapterRef> swapped = new LinkedHashMap<>();
        swapped.put(critic, adapter(malt, last));
        swapped.put(last, adapter(malt, critic));
        studies.add(passes(full + ", swapped adapters", team.withAdapters(swapped), votes));
      }
    }
    return studies;
  }

  private static AdapterRef adapter(Map<AgentRole, AdapterRef> adapters, AgentRole role) {
    return adapters.getOrDefault(role, AdapterRef.BASE);
  }
}
