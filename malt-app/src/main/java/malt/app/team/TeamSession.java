package malt.app.team;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import malt.ConfigException;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.app.run.Bases;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.Teams;
import malt.model.AdapterRef;
import malt.problem.Grader;
import malt.problem.Graders;
import malt.torch.adapter.LoraBase;
import malt.torch.generation.LiveSampler;
import malt.torch.generation.ModelCodec;
import malt.torch.local.LocalModel;

/** A team on its resident base, for as long as it is asked. */
public final class TeamSession implements AutoCloseable {
  private final LocalModel model;
  private final ModelCodec codec;
  private final LiveSampler sampler;
  private final AgentTeam team;
  private final Map<AdapterRef, AgentRole> adapters;
  private final Grader grader;

  private TeamSession(
      LocalModel model,
      ModelCodec codec,
      LiveSampler sampler,
      AgentTeam team,
      Map<AdapterRef, AgentRole> adapters,
      Grader grader) {
    this.model = model;
    this.codec = codec;
    this.sampler = sampler;
    this.team = team;
    this.adapters = adapters;
    this.grader = grader;
  }

  /** The team that a run trained by a schedule. */
  public static TeamSession ofRun(Path run, long seed, String schedule) {
    ExperimentConfig config = RunDirectory.readConfig(run);
    return open(
        config,
        Teams.trained(config, new RunLayout(run), seed, schedule),
        new Teams(config, new RunLayout(run).seed(seed)).all());
  }

  /**
   * Adapters put together by hand, on the base that {@code config} names.
   *
   * @param config says roles, prompts, sampling and grader too
   * @param adapters directories in PEFT's format; roles that are not named speak from the base
   */
  public static TeamSession ofAdapters(ExperimentConfig config, Map<String, Path> adapters) {
    Map<AgentRole, AdapterRef> refs = new LinkedHashMap<>();
    adapters.forEach(
        (role, directory) -> {
          if (!config.roles().contains(new AgentRole(role))) {
            throw new ConfigException(
                "--adapters: %s is no role of this team; its roles are %s"
                    .formatted(role, config.roles()));
          }
          if (!Files.isDirectory(directory)) {
            throw new ConfigException(
                "--adapters: %s=%s is no directory".formatted(role, directory));
          }
          refs.put(new AgentRole(role), new AdapterRef(role, directory));
        });
    return open(config, Teams.untrained(config).withAdapters(refs), Map.of());
  }

  private static TeamSession open(
      ExperimentConfig config, AgentTeam team, Map<AdapterRef, AgentRole> adapters) {
    Grader grader = Graders.named(config.problems().grader());
    LocalModel model = Bases.open(config);
    try {
      ModelCodec codec = Bases.codec(model, config.model());
      LiveSampler sampler = model.live(codec, Bases.generation(config.machine()));
      team.agents().forEach(agent -> sampler.load(agent.adapter()));
      return new TeamSession(model, codec, sampler, team, adapters, grader);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * The team itself.
   *
   * @param executor makes the prompts of later turns
   */
  public TeamSpeaker speaker(Executor executor) {
    return new TeamSpeaker(team, grader, sampler, codec, executor);
  }

  public AgentTeam team() {
    return team;
  }

  /** Those of the run, of whatever schedule, with the role that each was trained for. */
  public Map<AdapterRef, AgentRole> adapters() {
    return adapters;
  }

  /** Stays this session's to close. */
  public LiveSampler sampler() {
    return sampler;
  }

  /** Between prompts, token ids and text. */
  public ModelCodec codec() {
    return codec;
  }

  /** What adapters know of the base that all roles share. */
  public LoraBase base() {
    return model.lora();
  }

  /** Roles and the adapters that play them, in one line. */
  public String describe() {
    return team.agents().stream()
        .map(agent -> agent.role() + " = " + agent.adapter().name())
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    model.close();
  }
}
