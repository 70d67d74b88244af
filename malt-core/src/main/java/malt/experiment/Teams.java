package malt.experiment;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.ConfigException;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.data.Distillation;
import malt.experiment.ExperimentConfig.DistilSettings;
import malt.model.AdapterRef;

/** The teams of one seed: the same turns and prompts under different adapters. */
public final class Teams {
  private final ExperimentConfig config;
  private final RunLayout.Seed seed;
  private final EarlyStopping stopping;
  private final boolean planned; // adapters are taken to be there

  public Teams(ExperimentConfig config, RunLayout.Seed seed) {
    this(config, seed, false);
  }

  private Teams(ExperimentConfig config, RunLayout.Seed seed, boolean planned) {
    this.config = config;
    this.seed = seed;
    this.stopping = new EarlyStopping(seed);
    this.planned = planned;
  }

  /** Those of a run in which every training has found something to train on. */
  static Teams planned(ExperimentConfig config, RunLayout.Seed seed) {
    return new Teams(config, seed, true);
  }

  /** Sampling as for training trees. */
  AgentTeam collecting(Plan.Cast cast) {
    return TeamChain.of(config, config.sampling()::tree).withAdapters(adapters(cast));
  }

  /** Sampling as for evaluation. */
  public AgentTeam evaluating(Plan.Cast cast) {
    return untrained(config).withAdapters(adapters(cast));
  }

  /** A single model that was taught what a team came to, sampling as for evaluation. */
  AgentTeam student(Plan.Student student) {
    Plan.Cast cast = student.cast();
    DistilSettings settings = student.settings();
    return TeamChain.student(settings, config.sampling().evaluation(settings.maxTokens()))
        .withAdapters(
            Map.of(
                Distillation.STUDENT,
                newest(cast.of(Distillation.STUDENT)).orElse(AdapterRef.BASE)));
  }

  /** The team of a configuration on the bare base, sampling as for evaluation. */
  public static AgentTeam untrained(ExperimentConfig config) {
    return TeamChain.of(config, config.sampling()::evaluation);
  }

  /**
   * The team that a schedule trained, for use outside of its run.
   *
   * @param run directory of the run
   * @throws ConfigException if it is not trained
   */
  public static AgentTeam trained(
      ExperimentConfig config, RunLayout run, long seed, String schedule) {
    if (!config.seeds().contains(seed) || !config.run().contains(schedule)) {
      throw new ConfigException(
          "%s has no seed %d with schedule %s; it has seeds %s and schedules %s"
              .formatted(run.root(), seed, schedule, config.seeds(), config.run()));
    }
    RunLayout.Seed part = run.seed(seed);
    Plan.Schedule planned = Plan.of(config).schedule(schedule);
    Teams teams = new Teams(config, part);
    boolean begun =
        planned.rounds().stream()
            .filter(round -> !teams.stopping.skips(round))
            .allMatch(round -> Files.isDirectory(part.round(round.name()).root()));
    AgentTeam team = teams.evaluating(planned.team());
    if (!begun || team.agents().stream().map(Agent::adapter).allMatch(AdapterRef::isBase)) {
      throw new ConfigException(
          "%s holds no adapters of schedule %s; train them with malt train"
              .formatted(part.root(), schedule));
    }
    return team;
  }

  /**
   * Every adapter that a seed's schedules began with or trained, by role; each goes by its own
   * name.
   */
  public Map<AdapterRef, AgentRole> all() {
    Map<AdapterRef, AgentRole> found = new LinkedHashMap<>();
    List<Plan.Adapter> adapters = new ArrayList<>();
    config.roles().forEach(role -> adapters.addAll(Plan.Cast.start(config).of(role)));
    adapters.addAll(Plan.of(config).adapters());
    for (Plan.Adapter adapter : adapters) {
      existing(adapter).ifPresent(trained -> found.put(trained, adapter.role()));
    }
    return found;
  }

  /** The newest adapter of a list that exists; none where none does. */
  Optional<AdapterRef> newest(Iterable<Plan.Adapter> adapters) {
    for (Plan.Adapter adapter : adapters) {
      Optional<AdapterRef> found = existing(adapter);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<AdapterRef> existing(Plan.Adapter adapter) {
    AdapterRef ref = seed.adapter(adapter);
    boolean there = ref.directory() != null && Files.isDirectory(ref.directory());
    return planned || (there && stopping.keeps(adapter)) ? Optional.of(ref) : Optional.empty();
  }

  private Map<AgentRole, AdapterRef> adapters(Plan.Cast cast) {
    Map<AgentRole, AdapterRef> found = new LinkedHashMap<>();
    for (AgentRole role : config.roles()) {
      found.put(role, newest(cast.of(role)).orElse(AdapterRef.BASE));
    }
    return found;
  }
}
