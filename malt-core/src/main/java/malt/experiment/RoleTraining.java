package malt.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.Interruption;
import malt.MaltException;
import malt.Seeds;
import malt.agent.AgentRole;
import malt.data.DatasetFiles;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.training.AdapterTrainer;
import malt.training.SftSettings;
import malt.training.TrainingJob;
import malt.training.TrainingStep;
import org.jspecify.annotations.Nullable;

/** Post-training of the roles from their sets; jobs of one stage run side by side. */
final class RoleTraining {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  /** A job with the role and stage it is for. */
  private record Assignment(AgentRole role, String stage, TrainingJob job) {}

  /** G, V, R = SFT of the base on the role's good outputs (paper, section 3.3). */
  void sft(List<AgentRole> roles) {
    List<Assignment> assignments = new ArrayList<>();
    for (AgentRole role : roles) {
      AdapterRef adapter = run.roster().adapter(schedule, role, "sft");
      if (missing(role, "sft")) {
        List<SftExample> examples = DatasetFiles.readExamples(set(role, "sft"));
        if (examples.isEmpty()) {
          stages.warn(
              "the %s has no SFT examples (no completion of it led to enough right answers), so it stays untrained"
                  .formatted(role));
        } else {
          assignments.add(
              new Assignment(
                  role,
                  "sft",
                  new TrainingJob.SftJob(
                      adapter.name(),
                      examples,
                      config.lora(),
                      new SftSettings(config.sft()),
                      Seeds.of(run.seed(), adapter.name()),
                      directory(adapter))));
        }
      }
    }
    train("sft", assignments);
  }

  /** V', R' = DPO of the SFT model on the role's pairs; its reference is that SFT model. */
  void dpo(List<AgentRole> roles) {
    List<Assignment> assignments = new ArrayList<>();
    for (AgentRole role : roles) {
      AdapterRef reference = run.roster().adapter(schedule, role, "sft");
      AdapterRef adapter = run.roster().adapter(schedule, role, "dpo");
      if (config.datasets().pairRoles().contains(role)
          && missing(role, "dpo")
          && !missing(role, "sft")) {
        List<PreferencePair> pairs = DatasetFiles.readPairs(set(role, "dpo"));
        if (pairs.isEmpty()) {
          stages.warn(
              "the %s has no preference pairs (no two siblings differ in label), so it keeps its SFT adapter"
                  .formatted(role));
        } else {
          assignments.add(
              new Assignment(
                  role,
                  "dpo",
                  new TrainingJob.DpoJob(
                      adapter.name(),
                      pairs,
                      reference,
                      config.lora(),
                      config.dpo(),
                      Seeds.of(run.seed(), adapter.name()),
                      directory(adapter))));
        }
      }
    }
    train("dpo", assignments);
  }

  private void train(String stageName, List<Assignment> assignments) {
    if (assignments.isEmpty()) {
      return;
    }
    String name = "train %s %s".formatted(schedule.directory(), stageName);
    long total = assignments.stream().mapToLong(assignment -> assignment.job().steps()).sum();
    ExecutorService workers = Executors.newFixedThreadPool(config.model().threads());
    try (Stages.Stage stage = stages.start(run.label(name), "steps", total)) {
      run.timings()
          .time(
              name,
              () -> true,
              () -> {
                List<Future<AdapterRef>> results = new ArrayList<>();
                for (Assignment assignment : assignments) {
                  results.add(workers.submit(() -> train(assignment, stage)));
                }
                try {
                  results.forEach(RoleTraining::await);
                } finally {
                  Interruption.finish(workers); // the model they use may be closed next
                }
              });
    }
  }

  private AdapterRef train(Assignment assignment, Stages.Stage stage) {
    StringBuilder lines = new StringBuilder();
    AdapterRef adapter =
        trainer.train(
            assignment.job(),
            step -> {
              lines.append(line(step)).append('\n');
              stage.advance(1, step.tokens());
              Double loss = step.metrics().get("loss");
              if (loss != null) {
                stage.note("%s loss %.3f".formatted(assignment.role(), loss));
              }
            });
    AtomicFiles.write(metrics(assignment.role(), assignment.stage()), lines.toString());
    return adapter;
  }

  private static String line(TrainingStep step) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step.step());
    line.put("steps", step.steps());
    line.put("tokens", step.tokens());
    line.putAll(step.metrics());
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AdapterRef await(Future<AdapterRef> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MaltException("training was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new MaltException("training failed: " + e.getCause(), e);
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
