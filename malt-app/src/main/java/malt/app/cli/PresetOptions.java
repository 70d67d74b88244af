package malt.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.app.run.Home;
import malt.experiment.ExperimentConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A preset with changes, and where its run is kept. */
final class PresetOptions {
  /** What is meant where nothing is named. */
  static final Path PRESET = Path.of("configs/nano.yaml");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "preset to start from; a further one changes what those before it say, such as "
              + "configs/teams/loop.yaml; default: ${DEFAULT-VALUE}")
  private List<Path> configs = List.of(PRESET);

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "name of the run and its directory; default: the preset's")
  private @Nullable String name;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "changes a setting, such as --set dpo.beta=0.2; may be repeated")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      description = "where runs are kept; default: ${DEFAULT-VALUE}")
  private Path runs = Path.of("runs");

  /**
   * The experiment.
   *
   * @param first changes that --set may change again
   */
  ExperimentConfig config(List<String> first) {
    List<String> all = new ArrayList<>(first);
    if (name != null) {
      all.add("name=" + quoted(name));
    }
    all.addAll(overrides);
    return ExperimentConfig.read(configs.stream().map(Home::resolve).toList(), all);
  }

  /** Text as YAML that is text whatever it looks like. */
  static String quoted(Object text) {
    return "'" + text.toString().replace("'", "''") + "'";
  }

  Path directory(ExperimentConfig experiment) {
    return runs.resolve(experiment.name());
  }
}
