package malt.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.ConfigException;
import malt.app.Home;
import malt.experiment.ExperimentConfig;
import malt.problem.Layout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which experiment is meant: a preset with changes. */
final class RunOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "configs/nano.yaml",
      description = "preset to start from; default: ${DEFAULT-VALUE}")
  private Path config = Path.of("configs/nano.yaml");

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
      names = "--data",
      paramLabel = "FILE",
      description = "your own training questions, JSON lines or Parquet, with --test")
  private @Nullable Path data;

  @Option(names = "--test", paramLabel = "FILE", description = "your own test questions, likewise")
  private @Nullable Path test;

  @Option(
      names = "--benchmark",
      paramLabel = "NAME",
      defaultValue = "gsm8k",
      description = {
        "how these files are laid out, which also chooses their grader: gsm8k (question, answer",
        "ending in #### 18), math, csqa, or custom with --set problems.grader=...; default:",
        "${DEFAULT-VALUE}"
      })
  private String benchmark = "gsm8k";

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "where runs are kept; default: ${DEFAULT-VALUE}")
  private Path runs = Path.of("runs");

  ExperimentConfig config() {
    List<String> all = new ArrayList<>();
    if (name != null) {
      all.add("name=" + quoted(name));
    }
    if ((data == null) != (test == null)) {
      throw new ConfigException("--data and --test go together: training and test questions");
    }
    if (data != null && test != null) {
      all.add("problems.source=" + quoted(benchmark));
      Layout.named(benchmark).grader().ifPresent(grader -> all.add("problems.grader=" + grader));
      all.add("problems.train_file=" + quoted(data));
      all.add("problems.test_file=" + quoted(test));
    }
    all.addAll(overrides);
    return ExperimentConfig.read(Home.resolve(config), all);
  }

  /** Text as YAML that is text whatever it looks like. */
  private static String quoted(Object text) {
    return "'" + text.toString().replace("'", "''") + "'";
  }

  Path directory(ExperimentConfig experiment) {
    return runs.resolve(experiment.name());
  }
}
