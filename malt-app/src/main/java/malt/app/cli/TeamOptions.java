package malt.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.ConfigException;
import malt.app.run.Home;
import malt.app.team.TeamSession;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which team is meant: one that a run trained, or adapters put together by hand. */
final class TeamOptions {
  @Option(
      names = "--team",
      paramLabel = "RUN",
      description = "directory of a run, such as runs/nano: the team that it trained")
  private @Nullable Path run;

  @Option(names = "--seed", description = "which of the run's seeds; default: its first")
  private @Nullable Long seed;

  @Option(
      names = "--schedule",
      description = "which of the run's schedules, such as joint; default: its last")
  private @Nullable String schedule;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "in place of --team: directory of a base model")
  private @Nullable Path model;

  @Option(
      names = "--adapters",
      paramLabel = "ROLE=DIR",
      split = ",",
      description = "adapters for --model in PEFT's format; roles without one speak from the base")
  private Map<String, Path> adapters = new LinkedHashMap<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "roles, prompts, sampling and grader for --model; default: ${DEFAULT-VALUE}")
  private Path config = PresetOptions.PRESET;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "changes a setting of --config; may be repeated")
  private List<String> overrides = new ArrayList<>();

  TeamSession open() {
    if ((run == null) == (model == null)) {
      throw new ConfigException("name either a run with --team or a base with --model");
    }
    if (run != null) {
      ExperimentConfig trained = RunDirectory.readConfig(run);
      if (!adapters.isEmpty()) {
        throw new ConfigException("--adapters goes with --model; a run has its own");
      }
      List<String> known = trained.run();
      return TeamSession.ofRun(
          run,
          seed == null ? trained.seeds().get(0) : seed,
          OptionRules.oneOf("--schedule", known, schedule, known.get(known.size() - 1)));
    }
    List<String> all = new ArrayList<>(overrides);
    all.add("model.path=" + PresetOptions.quoted(String.valueOf(model)));
    return TeamSession.ofAdapters(ExperimentConfig.read(Home.resolve(config), all), adapters);
  }
}
