package malt.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.agent.PromptTemplate;
import malt.model.AdapterRef;

/** The teams of one seed: the same roles and prompts under different adapters. */
final class Roster {
  private final ExperimentConfig config;
  private final Path seedDirectory;

  Roster(ExperimentConfig config, Path seedDirectory) {
    this.config = config;
    this.seedDirectory = seedDirectory;
  }

  /** All roles on the base, sampling as for training trees. */
  AgentTeam collecting() {
    return team(true);
  }

  /** All roles on the base, sampling as for evaluation. */
  AgentTeam evaluating() {
    return team(false);
  }

  private AgentTeam team(boolean tree) {
    List<Agent> agents = new ArrayList<>();
    for (ExperimentConfig.RoleSettings role : config.team()) {
      ExperimentConfig.Sampling sampling = config.sampling();
      agents.add(
          new Agent(
              role.role(),
              config.template(role.role().name()),
              tree ? sampling.tree(role.maxTokens()) : sampling.evaluation(role.maxTokens()),
              AdapterRef.BASE));
    }
    return new AgentTeam(agents);
  }

  /** The schedule that trains a role's adapter of a stage. */
  Schedule origin(Schedule schedule, AgentRole role, String stage) {
    return schedule.origin(role.equals(config.roles().get(0)), stage);
  }

  /** Where a role's adapter of a stage is, or will be. */
  AdapterRef adapter(Schedule schedule, AgentRole role, String stage) {
    Schedule origin = origin(schedule, role, stage);
    return new AdapterRef(
        "%s/%s/%s".formatted(origin.directory(), role, stage),
        seedDirectory
            .resolve(origin.directory())
            .resolve("adapters")
            .resolve(role.name())
            .resolve(stage));
  }

  /** Every role's SFT adapter; a role that had no examples stays on the base. */
  Map<AgentRole, AdapterRef> star(Schedule schedule) {
    return adapters(schedule, List.of("sft"));
  }

  /** Every role's last adapter: DPO where there were pairs, SFT otherwise. */
  Map<AgentRole, AdapterRef> malt(Schedule schedule) {
    return adapters(schedule, List.of("dpo", "sft"));
  }

  /** Every role's SFT adapter, whether or not it is there yet. */
  Map<AgentRole, AdapterRef> plannedStar(Schedule schedule) {
    return planned(schedule, Set.of());
  }

  /** Every role's last adapter, whether or not it is there yet. */
  Map<AgentRole, AdapterRef> plannedMalt(Schedule schedule) {
    return planned(schedule, preferring());
  }

  /** The roles that learn from preferences after SFT. */
  Set<AgentRole> preferring() {
    return Set.copyOf(config.datasets().pairRoles());
  }

  private Map<AgentRole, AdapterRef> planned(Schedule schedule, Set<AgentRole> preferring) {
    Map<AgentRole, AdapterRef> planned = new LinkedHashMap<>();
    for (AgentRole role : config.roles()) {
      planned.put(role, adapter(schedule, role, preferring.contains(role) ? "dpo" : "sft"));
    }
    return planned;
  }

  private Map<AgentRole, AdapterRef> adapters(Schedule schedule, List<String> stages) {
    Map<AgentRole, AdapterRef> found = new LinkedHashMap<>();
    for (AgentRole role : config.roles()) {
      for (String stage : stages) {
        AdapterRef adapter = adapter(schedule, role, stage);
        if (adapter.directory() != null && Files.isDirectory(adapter.directory())) {
          found.putIfAbsent(role, adapter);
        }
      }
      found.putIfAbsent(role, AdapterRef.BASE);
    }
    return found;
  }

  /** A debate of the untrained base as one long chain: round by round, agent by agent. */
  AgentTeam debate() {
    ExperimentConfig.DebateSettings debate = config.evaluation().debate();
    List<Agent> agents = new ArrayList<>();
    for (int round = 1; round <= debate.rounds(); round++) {
      for (int agent = 1; agent <= debate.agents(); agent++) {
        agents.add(
            new Agent(
                new AgentRole(debater(agent, round)),
                round == 1
                    ? config.template(ExperimentConfig.DebateSettings.FIRST)
                    : again(debate, agent, round - 1),
                config.sampling().evaluation(debate.maxTokens()),
                AdapterRef.BASE));
      }
    }
    return new AgentTeam(agents, debate.agents());
  }

  private static String debater(int agent, int round) {
    return "debater%d-round%d".formatted(agent, round);
  }

  private PromptTemplate again(ExperimentConfig.DebateSettings debate, int agent, int before) {
    List<String> others = new ArrayList<>();
    for (int other = 1; other <= debate.agents(); other++) {
      if (other != agent) {
        others.add("{" + debater(other, before) + "}");
      }
    }
    String joined = String.join(debate.separator(), others);
    String own = "{" + debater(agent, before) + "}";
    return new PromptTemplate(
        config.template(ExperimentConfig.DebateSettings.AGAIN).entries().stream()
            .map(
                entry ->
                    new PromptTemplate.Entry(
                        entry.role(),
                        entry.content().replace("{own}", own).replace("{others}", joined)))
            .toList());
  }
}
