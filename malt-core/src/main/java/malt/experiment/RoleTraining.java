package malt.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.ConfigException;
import malt.MaltException;
import malt.Seeds;
import malt.agent.AgentRole;
import malt.model.AdapterRef;
import malt.training.AdapterTrainer;
import malt.training.SftSettings;
import malt.training.TrainingJob;
import malt.training.TrainingMethod;
import org.jspecify.annotations.Nullable;

/** Post-training of the roles from their sets; the jobs of one stage are trained together. */
final class RoleTraining {
  private final ExperimentConfig config;
  private final AdapterTrainer trainer;
  private final Stages stages;
  private final SeedRun run;
  private final Schedule schedule;

  RoleTraining(
      ExperimentConfig config,
      AdapterTrainer trainer,
      Stages stages,
      SeedRun run,
      Schedule schedule) {
    this.config = config;
    this.trainer = trainer;
    this.stages = stages;
    this.run = run;
    this.schedule = schedule;
  }

  /** G, V, R = SFT of the base on the role's good outputs (paper, section 3.3). */
  void sft(List<AgentRole> roles) {
    Map<TrainingJob, Path> jobs = new LinkedHashMap<>();
    for (AgentRole role : roles) {
      if (missing(role, "sft")) {
        if (filled(role, "sft")) {
          TrainingJob job = job(role, new SftSettings(config.sft()), AdapterRef.BASE);
          jobs.put(job, metrics(role, "sft"));
        } else {
          stages.warn(
              "the %s has no SFT examples (no completion of it led to enough right answers), so it stays untrained"
                  .formatted(role));
        }
      }
    }
    train("sft", jobs);
  }

  /** V', R' = DPO of the SFT model on the role's pairs; its reference is that SFT model. */
  void dpo(List<AgentRole> roles) {
    Map<TrainingJob, Path> jobs = new LinkedHashMap<>();
    for (AgentRole role : roles) {
      if (config.datasets().pairRoles().contains(role)
          && missing(role, "dpo")
          && !missing(role, "sft")) {
        if (filled(role, "dpo")) {
          AdapterRef sft = run.roster().adapter(schedule, role, "sft");
          jobs.put(job(role, config.dpo(), sft), metrics(role, "dpo"));
        } else {
          stages.warn(
              "the %s has no preference pairs (no two siblings differ in label), so it keeps its SFT adapter"
                  .formatted(role));
        }
      }
    }
    train("dpo", jobs);
  }

  private TrainingJob job(AgentRole role, TrainingMethod method, AdapterRef start) {
    AdapterRef adapter = run.roster().adapter(schedule, role, method.label());
    return new TrainingJob(
        adapter.name(),
        method,
        set(role, method.label()),
        start,
        config.lora(),
        Seeds.of(run.seed(), adapter.name()),
        directory(adapter));
  }

  /**
   * @param jobs with the file of their metrics
   */
  private void train(String stage, Map<TrainingJob, Path> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    String name = "train %s %s".formatted(schedule.directory(), stage);
    try (TrainingProgress progress = new TrainingProgress(stages, run.label(name), jobs)) {
      run.timings()
          .time(name, () -> true, () -> trainer.train(List.copyOf(jobs.keySet()), progress));
    }
  }

  /** Metrics are written after the adapter: without them its job is not over. */
  private boolean missing(AgentRole role, String stage) {
    return !Files.isDirectory(directory(run.roster().adapter(schedule, role, stage)))
        || !Files.exists(metrics(role, stage));
  }

  private Path set(AgentRole role, String stage) {
    return run.dataset(run.roster().origin(schedule, role, stage), role, stage);
  }

  private Path metrics(AgentRole role, String stage) {
    return run.metrics(run.roster().origin(schedule, role, stage), role, stage);
  }

  /**
   * Refuses to go on while an adapter is missing that the training sets have examples for.
   *
   * @throws ConfigException naming the first role that is not trained
   */
  void requireDone(List<AgentRole> roles) {
    for (AgentRole role : roles) {
      boolean examples = filled(role, "sft");
      boolean pairs = config.datasets().pairRoles().contains(role) && filled(role, "dpo");
      if (examples && (missing(role, "sft") || (pairs && missing(role, "dpo")))) {
        throw new ConfigException(
            "%s: the %s is not trained yet; finish with malt train or malt run"
                .formatted(run.directory(schedule), role));
      }
    }
  }

  private boolean filled(AgentRole role, String stage) {
    Path set = set(role, stage);
    try {
      return Files.size(set) > 0;
    } catch (IOException e) {
      throw new MaltException("cannot read training set %s: %s".formatted(set, e), e);
    }
  }

  private static Path directory(AdapterRef adapter) {
    @Nullable Path directory = adapter.directory();
    if (directory == null) {
      throw new IllegalArgumentException("the base has no directory");
    }
    return directory;
  }
}
