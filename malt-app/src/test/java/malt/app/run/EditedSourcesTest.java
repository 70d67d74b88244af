package malt.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.experiment.ExperimentConfig;
import malt.experiment.Manifest;
import malt.experiment.RunDirectory;
import malt.experiment.Stages;
import malt.experiment.Task;
import malt.problem.Benchmark;
import malt.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run that goes on says of files that were edited. */
class EditedSourcesTest {
  @TempDir private Path folder;

  private final List<String> warnings = new ArrayList<>();

  private Path questions(String name, String... questions) throws IOException {
    StringBuilder rows = new StringBuilder();
    for (String question : questions) {
      rows.append("{\"question\": \"%s\", \"answer\": \"#### 4\"}%n".formatted(question));
    }
    return Files.writeString(folder.resolve(name), rows);
  }

  private ExperimentConfig config(Path train, Path test) {
    return ExperimentConfig.read(
        Path.of("../configs/nano.yaml"), // from the module, where tests run
        List.of(
            "problems.source=gsm8k",
            "problems.train=0",
            "problems.dev=0",
            "problems.test=0",
            "problems.evaluate_on=test",
            "problems.train_file='%s'".formatted(train),
            "problems.test_file='%s'".formatted(test)));
  }

  private Benchmark open(Path root, ExperimentConfig config) {
    Stages silent = Stages.silent();
    Stages told =
        new Stages() {
          @Override
          public Stage start(Task task, String unit, long total) {
            return silent.start(task, unit, total);
          }

          @Override
          public void warn(String sentence) {
            warnings.add(sentence);
          }
        };
    try (RunDirectory run = RunDirectory.open(root, config)) {
      Benchmark benchmark = Benchmarks.of(config, run, told);
      run.begin(new Manifest("n", "", "", "", "", "", ""));
      return benchmark;
    }
  }

  @Test
  void a_run_goes_on_with_the_problems_it_kept_and_says_that_its_file_was_edited()
      throws IOException {
    Path train = questions("train.jsonl", "a?", "b?");
    ExperimentConfig config = config(train, questions("test.jsonl", "c?"));
    Path root = folder.resolve("run");
    Benchmark first = open(root, config);
    assertThat(open(root, config).train()).isEqualTo(first.train());
    assertThat(warnings).isEmpty();
    questions("train.jsonl", "a?", "b, rather?");
    assertThat(open(root, config).train())
        .extracting(Problem::question)
        .containsExactly("a?", "b?");
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith(train + " was edited since this run read it")
        .contains(root.resolve("data").toString());
    warnings.clear();
    Files.delete(train);
    assertThat(open(root, config).train()).isEqualTo(first.train());
    assertThat(warnings).isEmpty();
  }

  @Test
  void a_folder_of_problems_is_watched_file_by_file() throws IOException {
    Path algebra = Files.createDirectories(folder.resolve("MATH/train/algebra"));
    String row = "{\"question\": \"%s\", \"answer\": \"#### 4\"}";
    Files.writeString(algebra.resolve("1.json"), row.formatted("a?"));
    Files.writeString(algebra.resolve("2.json"), row.formatted("b?"));
    Path train = folder.resolve("MATH/train");
    ExperimentConfig config = config(train, questions("test.jsonl", "c?"));
    Path root = folder.resolve("run");
    assertThat(open(root, config).train())
        .extracting(Problem::id)
        .containsExactly("train/algebra/1.json", "train/algebra/2.json");
    open(root, config);
    assertThat(warnings).isEmpty();
    Files.writeString(algebra.resolve("2.json"), row.formatted("d?"));
    open(root, config);
    assertThat(warnings).singleElement().asString().startsWith(train + " was edited");
  }
}
