package malt.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.ConfigException;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.model.AdapterRef;

/** The teams of a run for use outside of it, sampling as for evaluation. */
public final class TrainedTeam {
  private TrainedTeam() {}

  /**
   * The team that a schedule trained.
   *
   * @param run directory of the run
   * @throws ConfigException if it is not trained
   */
  public static AgentTeam of(ExperimentConfig config, Path run, long seed, Schedule schedule) {
    if (!config.seeds().contains(seed) || !config.schedules().contains(schedule)) {
      throw new ConfigException(
          "%s has no seed %d with schedule %s; it has seeds %s and schedules %s"
              .formatted(
                  run,
                  seed,
                  schedule.directory(),
                  config.seeds(),
                  config.schedules().stream().map(Schedule::directory).toList()));
    }
    Path directory = run.resolve("seed-" + seed);
    Roster roster = new Roster(config, directory);
    AgentTeam team = roster.evaluating().withAdapters(roster.malt(schedule));
    boolean begun = Files.isDirectory(directory.resolve(schedule.directory()));
    if (!begun || team.agents().stream().map(Agent::adapter).allMatch(AdapterRef::isBase)) {
      throw new ConfigException(
          "%s holds no adapters of schedule %s; train them with malt train"
              .formatted(directory, schedule.directory()));
    }
    return team;
  }

  /** Every adapter that a seed's schedules trained, by role; each goes by its own name. */
  public static Map<AdapterRef, AgentRole> adapters(ExperimentConfig config, Path run, long seed) {
    Map<AdapterRef, AgentRole> found = new LinkedHashMap<>();
    Roster roster = new Roster(config, run.resolve("seed-" + seed));
    for (Schedule schedule : config.schedules()) {
      for (AgentRole role : config.roles()) {
        for (String stage : List.of("sft", "dpo")) {
          AdapterRef adapter = roster.adapter(schedule, role, stage);
          if (adapter.directory() != null && Files.isDirectory(adapter.directory())) {
            found.put(adapter, role);
          }
        }
      }
    }
    return found;
  }

  /** The roles of a configuration on the bare base. */
  public static AgentTeam untrained(ExperimentConfig config) {
    return new Roster(config, Path.of("")).evaluating();
  }
}
