package malt.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import malt.ConfigException;
import malt.experiment.ExperimentConfig;
import malt.experiment.RunDirectory;
import malt.experiment.Stages;
import malt.problem.Benchmark;
import malt.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run makes of its files: training, dev and test problems. */
class BenchmarksTest {
  @TempDir private Path folder;

  private String file(String name, int count, String... more) throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append(row("%s %d: %d and 1?".formatted(name, i / 10, i), i + 1));
    }
    rows.append(String.join("", more));
    return Files.writeString(folder.resolve(name + ".jsonl"), rows).toString();
  }

  private static String row(String question, int answer) {
    return "{\"question\": \"%s\", \"answer\": \"#### %d\"}%n".formatted(question, answer);
  }

  private Benchmark read(String name, List<String> files, String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "problems.source=gsm8k", "problems.train=0", "problems.dev=0", "problems.test=0"));
    all.addAll(files);
    all.addAll(List.of(overrides));
    ExperimentConfig config = ExperimentConfig.read(home().resolve("configs/nano.yaml"), all);
    try (RunDirectory run = RunDirectory.open(folder.resolve(name), config)) {
      return Benchmarks.of(config, run, Stages.silent());
    }
  }

  private static Path home() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("configs/nano.yaml"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  private static Set<String> ids(List<Problem> problems) {
    return problems.stream().map(Problem::id).collect(Collectors.toSet());
  }

  @Test
  void a_dev_set_is_cut_from_the_training_file_by_the_seed() throws IOException {
    List<String> files =
        List.of(
            "problems.train_file=" + file("train", 100), "problems.test_file=" + file("test", 40));
    Benchmark cut = read("a", files, "problems.dev_from_train=20", "problems.evaluate_on=dev");
    assertThat(cut.dev()).hasSize(20);
    assertThat(cut.train()).hasSize(80).doesNotContainAnyElementsOf(cut.dev());
    assertThat(cut.test()).hasSize(40);
    Benchmark fewer = read("b", files, "problems.dev_from_train=20", "problems.train=30");
    assertThat(fewer.dev()).isEqualTo(cut.dev());
    assertThat(fewer.train()).hasSize(30);
    assertThat(cut.train()).containsAll(fewer.train());
    Benchmark other = read("c", files, "problems.dev_from_train=20", "problems.seed=2");
    assertThat(other.dev()).isNotEqualTo(cut.dev());
  }

  @Test
  void a_question_that_stands_twice_is_not_both_chosen_by_and_trained_on() throws IOException {
    String[] twice = new String[50];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = row("TRAIN %d: %d and 1?".formatted(i / 10, i), i + 1);
    }
    List<String> files =
        List.of(
            "problems.train_file=" + file("train", 50, twice),
            "problems.test_file=" + file("test", 5));
    Benchmark cut = read("a", files, "problems.dev_from_train=10");
    assertThat(cut.dev()).hasSize(10);
    assertThat(cut.train()).hasSizeBetween(80, 90);
  }

  @Test
  void some_of_a_file_are_drawn_unless_the_first_are_wanted() throws IOException {
    List<String> files =
        List.of(
            "problems.train_file=" + file("train", 100), "problems.test_file=" + file("test", 100));
    Benchmark drawn = read("a", files, "problems.train=10", "problems.test=10");
    Set<String> firstTen = ids(read("b", files).test().subList(0, 10));
    assertThat(drawn.train()).hasSize(10);
    assertThat(ids(drawn.test())).hasSize(10).isNotEqualTo(firstTen);
    Benchmark first = read("c", files, "problems.test=10", "problems.take=first");
    assertThat(ids(first.test())).isEqualTo(firstTen);
  }

  @Test
  void seeds_draw_training_problems_of_their_own_and_share_the_others() throws IOException {
    List<String> files =
        List.of(
            "problems.train_file=" + file("train", 100), "problems.test_file=" + file("test", 40));
    String[] own = {
      "problems.dev_from_train=20",
      "problems.train=30",
      "problems.train_by_seed=true",
      "seeds=[1, 2]"
    };
    Benchmark kept = read("a", files, own);
    assertThat(kept.train(1)).hasSize(30).doesNotContainAnyElementsOf(kept.dev());
    assertThat(kept.train(2)).hasSize(30).doesNotContainAnyElementsOf(kept.dev());
    assertThat(ids(kept.train(1))).isNotEqualTo(ids(kept.train(2)));
    assertThat(kept.dev()).hasSize(20);
    Benchmark alone = read("b", files, own[0], own[1], own[2], "seeds=[2]");
    assertThat(alone.train(2)).isEqualTo(kept.train(2)); // whoever else is there
    assertThatThrownBy(() -> read("c", files, "problems.train=100", own[2]))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("so every seed would have the same");
  }

  @Test
  void generated_training_problems_are_of_the_seed() {
    System.setProperty("malt.home", home().toString());
    try {
      Benchmark kept =
          read(
              "a",
              List.of(),
              "problems={source: nano, train: 20, dev: 5, test: 5, train_by_seed: true}",
              "seeds=[1, 2]");
      assertThat(kept.train()).isEmpty();
      assertThat(kept.train(1)).hasSize(20).doesNotContainAnyElementsOf(kept.train(2));
    } finally {
      System.clearProperty("malt.home");
    }
  }

  @Test
  void a_dev_set_that_leaves_nothing_to_train_on_is_refused() throws IOException {
    List<String> files =
        List.of("problems.train_file=" + file("train", 5), "problems.test_file=" + file("test", 5));
    assertThatThrownBy(() -> read("a", files, "problems.dev_from_train=5"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("problems.dev_from_train: 5")
        .hasMessageContaining("holds 5 problems");
  }
}
