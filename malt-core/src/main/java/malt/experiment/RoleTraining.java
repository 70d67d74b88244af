package malt.experiment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    Finished finished = run.finished();
    Map<TrainingJob, Path> jobs = new LinkedHashMap<>();
    for (Plan.Training training : step.trainings()) {
      AgentRole role = training.adapter().role();
      Optional<AdapterRef> start = finished.start(training);
      if (start.isPresent() && !finished.trained(round, training)) {
        if (finished.filled(round, training)) {
          jobs.put(job(round, training, start.get()), layout.metrics(role, step.method()));
        } else {
          stages.warn(unfilled(role, step.method()));
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

  private TrainingJob job(Plan.Round round, Plan.Training training, AdapterRef start) {
    AdapterRef adapter = run.layout().adapter(training.adapter());
    return new TrainingJob(
        adapter.name(),
        round.recipe().method(training.method()),
        run.layout().round(round.name()).set(training.adapter().role(), training.method()),
        start,
        config.lora(),
        Seeds.of(run.seed(), adapter.name()),
        Objects.requireNonNull(adapter.directory()));
  }

  private static String unfilled(AgentRole role, Learning method) {
    String nothing =
        switch (method) {
          case SFT -> "no SFT examples (no completion of it led to enough right answers)";
          case DPO -> "no preference pairs (no two siblings differ in label)";
          case PPO ->
              "nothing to learn by PPO (the completions of each prompt are all worth the same)";
        };
    return "the %s has %s, so it stays as it was".formatted(role, nothing);
  }
}
