package malt.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.ConfigException;
import malt.experiment.ExperimentConfig;
import malt.problem.Layout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which experiment is meant: a preset with changes, and questions of one's own. */
final class RunOptions {
  @Mixin private PresetOptions preset = new PresetOptions();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "your own training questions, with --test: JSON lines, Parquet, or a folder with a JSON"
              + " file for each, as MATH is published")
  private @Nullable Path data;

  @Option(names = "--test", paramLabel = "FILE", description = "your own test questions, likewise")
  private @Nullable Path test;

  @Option(
      names = "--benchmark",
      paramLabel = "NAME",
      description =
          "how these files are laid out, which also chooses their grader: gsm8k (question, "
              + "answer ending in #### 18), math, csqa, or custom with --set problems.grader=...; "
              + "default: ${DEFAULT-VALUE}")
  private String benchmark = "gsm8k";

  ExperimentConfig config() {
    List<String> files = new ArrayList<>();
    if ((data == null) != (test == null)) {
      throw new ConfigException("--data and --test go together: training and test questions");
    }
    if (data != null && test != null) {
      files.add("problems.source=" + PresetOptions.quoted(benchmark));
      Layout.named(benchmark).grader().ifPresent(grader -> files.add("problems.grader=" + grader));
      files.add("problems.train_file=" + PresetOptions.quoted(data));
      files.add("problems.test_file=" + PresetOptions.quoted(test));
    }
    return preset.config(files);
  }

  Path directory(ExperimentConfig experiment) {
    return preset.directory(experiment);
  }
}
