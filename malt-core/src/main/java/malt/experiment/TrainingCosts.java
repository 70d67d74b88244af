package malt.experiment;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.credit.Pooling;
import malt.evaluation.TrainingCost;
import malt.training.TrainingStep;
import malt.tree.Lineage;
import malt.tree.TreeJournal;

/** What the teams of a seed took to train, read from its journal and its metrics. */
final class TrainingCosts {
  private final Teams teams;
  private final RunLayout.Seed layout;
  private final TreeJournal journal;

  TrainingCosts(Teams teams, RunLayout.Seed layout, TreeJournal journal) {
    this.teams = teams;
    this.layout = layout;
    this.journal = journal;
  }

  /**
   * Of these roles under the adapters that a schedule trained, and of all who sampled for them.
   *
   * @param cast of the schedule, at its end or on the way
   */
  TrainingCost of(Plan.Schedule schedule, Plan.Cast cast, Collection<AgentRole> roles) {
    Walk walk = new Walk(schedule);
    walk.speak(cast, roles);
    return walk.cost();
  }

  /** Goes back from adapters to the trees they were trained from, and to who sampled these. */
  private final class Walk {
    private final Plan.Schedule schedule;
    private final Set<String> known = new HashSet<>(); // names, however they come to be kept
    private final Map<Plan.Trees, Integer> turns = new LinkedHashMap<>(); // read of each tree
    private long tokensTrained;

    Walk(Plan.Schedule schedule) {
      this.schedule = schedule;
    }

    void speak(Plan.Cast cast, Collection<AgentRole> roles) {
      roles.forEach(role -> begin(cast.of(role)));
    }

    /** The newest of these that exists. */
    private void begin(List<Plan.Adapter> adapters) {
      adapters.stream()
          .filter(adapter -> teams.newest(List.of(adapter)).isPresent())
          .findFirst()
          .filter(adapter -> known.add(adapter.name()))
          .ifPresent(this::trained);
    }

    private void trained(Plan.Adapter adapter) {
      for (Plan.Round round : schedule.rounds()) {
        for (Plan.Step step : round.steps()) {
          for (Plan.Training training : step.trainings()) {
            if (training.adapter().name().equals(adapter.name())) {
              trained(round, training);
            }
          }
        }
      }
    }

    private void trained(Plan.Round round, Plan.Training training) {
      AgentRole role = training.adapter().role();
      RunLayout.Round part = layout.round(round.name());
      tokensTrained +=
          TrainingStep.read(part.metrics(role, training.method())).stream()
              .mapToLong(TrainingStep::tokens)
              .sum();
      begin(training.start());
      for (Plan.Trees trees : round.trees()) {
        List<Agent> read = read(round, trees, role);
        turns.merge(trees, read.size(), Math::max);
        speak(trees.sampling(), read.stream().map(Agent::role).toList());
      }
    }

    /** The turns that decide a role's sets: all, or its own where its own words are its label. */
    private List<Agent> read(Plan.Round round, Plan.Trees trees, AgentRole role) {
      List<Agent> agents = teams.collecting(trees.sampling()).agents();
      int last =
          IntStream.range(0, agents.size())
              .filter(turn -> agents.get(turn).role().equals(role))
              .max()
              .orElse(agents.size() - 1); // a model that is taught alone reads all
      boolean own =
          round.credit().pooling() == Pooling.OWN
              && agents.stream()
                  .filter(agent -> agent.role().equals(role))
                  .map(Agent::judges)
                  .allMatch(judges -> judges == null || judges.tells());
      return own ? agents.subList(0, last + 1) : agents;
    }

    TrainingCost cost() {
      long rounds = 0;
      long nodes = 0;
      long tokens = 0;
      for (Map.Entry<Plan.Trees, Integer> entry : turns.entrySet()) {
        AgentTeam team = teams.collecting(entry.getKey().sampling());
        long before = nodes;
        for (int turn = 0; turn < entry.getValue(); turn++) {
          TreeJournal.Sampled sampled =
              journal.sampled(entry.getKey().scope(), Lineage.of(team, turn));
          nodes += sampled.nodes();
          tokens += sampled.tokens();
        }
        rounds += nodes > before ? 1 : 0; // repetitions that ended early sampled nothing
      }
      return new TrainingCost(rounds, nodes, tokens, tokensTrained);
    }
  }
}
