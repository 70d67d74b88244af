package malt.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import malt.ConfigException;
import malt.MaltException;
import malt.Seeds;
import malt.agent.AgentRole;
import malt.model.AdapterRef;
import malt.training.AdapterTrainer;
import malt.training.TrainingJob;

/**
 * Post-training of the roles from a round's sets (paper, section 3.3): G, V, R = SFT of the base on
 * a role's good outputs; V', R' = DPO of the SFT model, which is the reference, on its pairs. Or
 * PPO, ours: it goes on from the role's last adapter, or from the base where there is none.
 */
final class RoleTraining {
  private final ExperimentConfig config;
  private final AdapterTrainer trainer;
  private final Stages stages;
  private final SeedRun run;

  RoleTraining(ExperimentConfig config, AdapterTrainer trainer, Stages stages, SeedRun run) {
    this.config = config;
    this.trainer = trainer;
    this.stages = stages;
    this.run = run;
  }

  /** Trains what is not trained yet, side by side. */
  void train(Plan.Round round, Plan.Step step) {
    RunLayout.Round layout = run.layout().round(round.name());
    Map<TrainingJob, Path> jobs = new LinkedHashMap<>();
    for (Plan.Training training : step.trainings()) {
      AgentRole role = training.adapter().role();
      Optional<AdapterRef> start = start(training);
      if (start.isPresent() && missing(layout, training)) {
        if (filled(layout, training)) {
          jobs.put(job(round, training, start.get()), layout.metrics(role, step.method()));
        } else {
          stages.warn(unfilled(role, step.method(), start.get()));
        }
      }
    }
    if (!jobs.isEmpty()) {
      Task task =
          run.task(Task.Job.TRAIN, round.name(), round.name() + " " + step.method().label());
      try (TrainingProgress progress = new TrainingProgress(stages, run.shown(task), jobs)) {
        run.timings()
            .time(
                task.name(), () -> true, () -> trainer.train(List.copyOf(jobs.keySet()), progress));
      }
    }
  }

  /**
   * What a training begins at; none where that was to be trained first and had nothing to learn.
   */
  private Optional<AdapterRef> start(Plan.Training training) {
    boolean fromBase = training.start().isEmpty() || training.adapter().method() == Learning.PPO;
    Optional<AdapterRef> newest = run.teams().newest(training.start());
    return newest.isEmpty() && fromBase ? Optional.of(AdapterRef.BASE) : newest;
  }

  private TrainingJob job(Plan.Round round, Plan.Training training, AdapterRef start) {
    AdapterRef adapter = run.layout().adapter(training.adapter());
    return new TrainingJob(
        adapter.name(),
        round.recipe().method(training.adapter().method()),
        run.layout()
            .round(round.name())
            .set(training.adapter().role(), training.adapter().method()),
        start,
        config.lora(),
        Seeds.of(run.seed(), adapter.name()),
        Objects.requireNonNull(adapter.directory()));
  }

  private static String unfilled(AgentRole role, Learning method, AdapterRef start) {
    return switch (method) {
      case SFT ->
          "the %s has no SFT examples (no completion of it led to enough right answers), so it stays %s"
              .formatted(role, start.isBase() ? "untrained" : "as it was");
      case DPO ->
          "the %s has no preference pairs (no two siblings differ in label), so it keeps its SFT adapter"
              .formatted(role);
      case PPO ->
          "the %s has nothing to learn by PPO (the completions of each prompt are all worth the same), so it stays as it was"
              .formatted(role);
    };
  }

  /** Metrics are written after the adapter: without them its job is not over. */
  private boolean missing(RunLayout.Round layout, Plan.Training training) {
    AgentRole role = training.adapter().role();
    Learning method = training.adapter().method();
    return !Files.isDirectory(layout.adapter(role, method))
        || !Files.exists(layout.metrics(role, method));
  }

  /**
   * Refuses to go on while an adapter of a round is missing that its training sets have rows for.
   *
   * @throws ConfigException naming the first role that is not trained
   */
  void requireDone(Plan.Round round) {
    RunLayout.Round layout = run.layout().round(round.name());
    for (Plan.Step step : round.steps()) {
      for (Plan.Training training : step.trainings()) {
        if (filled(layout, training) && start(training).isPresent() && missing(layout, training)) {
          throw new ConfigException(
              "%s: the %s is not trained yet; finish with malt train or malt run"
                  .formatted(layout.root(), training.adapter().role()));
        }
      }
    }
  }

  private static boolean filled(RunLayout.Round layout, Plan.Training training) {
    Path set = layout.set(training.adapter().role(), training.adapter().method());
    try {
      return Files.size(set) > 0;
    } catch (IOException e) {
      throw new MaltException("cannot read training set %s: %s".formatted(set, e), e);
    }
  }
}
