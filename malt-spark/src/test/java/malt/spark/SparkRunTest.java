package malt.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import malt.app.run.Cluster;
import malt.app.run.Home;
import malt.app.run.Session;
import malt.experiment.ExperimentConfig;
import malt.experiment.MaltExperiment;
import malt.experiment.RunContents;
import malt.experiment.Stages;
import malt.problem.KeptProblems;
import malt.problem.Problem;
import malt.training.TrainingStep;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs of the embedded model by two executors, and by this process. */
@Timeout(value = 15, unit = TimeUnit.MINUTES) // where something hangs
final class SparkRunTest {
  @TempDir private static Path folder;

  private static LocalCluster spark;
  private static Path here; // by this process alone
  private static Path collected; // by executors, so far

  @BeforeAll
  static void collect() throws IOException {
    spark = LocalCluster.of(2);
    here = run("here", null, MaltExperiment::run);
    collected = run("collected", spark.cluster(), MaltExperiment::collect);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private static ExperimentConfig config() {
    return ExperimentConfig.read(
        Home.resolve(Path.of("configs/nano.yaml")),
        List.of(
            "run=[joint]",
            "evaluation.ablated=[]",
            "problems.train=12",
            "problems.dev=0",
            "problems.test=12",
            "sampling.problems_per_call=3",
            "sft.epochs=1",
            "dpo.optimizer.epochs=1",
            "evaluation.debate=null"));
  }

  private static Path run(String name, @Nullable Cluster cluster, Consumer<MaltExperiment> work) {
    Path run = folder.resolve(name);
    try (Session session = Session.open(run, config(), Stages.silent(), false, cluster)) {
      work.accept(session.experiment());
    }
    return run;
  }

  /** A run that goes on from the trees that executors have sampled. */
  private static void copy(String name) throws IOException {
    Path target = folder.resolve(name);
    try (Stream<Path> all = Files.walk(collected)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.copy(each, target.resolve(collected.relativize(each).toString()));
      }
    }
  }

  private static Map<String, String> contents(Path run) throws IOException {
    List<String> problems = new ArrayList<>();
    for (String split : List.of("train", "test")) {
      KeptProblems.read(run.resolve("data/" + split + ".jsonl")).stream()
          .map(Problem::id)
          .forEach(problems::add);
    }
    return RunContents.of(run, problems);
  }

  @Test
  void a_run_sampled_by_executors_is_file_for_file_that_of_one_process() throws IOException {
    copy("there");
    run("there", null, MaltExperiment::train);
    Path there = run("there", spark.cluster(), MaltExperiment::evaluate);
    Map<String, String> expected = contents(here);
    assertThat(expected).containsKeys("seed-1/journal.db", "evaluation.json");
    assertThat(contents(there)).isEqualTo(expected);
  }

  @Test
  void a_run_trained_by_executors_has_the_steps_of_one_process_but_for_rounding()
      throws IOException {
    copy("trained");
    Path there = run("trained", spark.cluster(), MaltExperiment::train);
    Map<String, List<TrainingStep>> expected = steps(here);
    Map<String, List<TrainingStep>> found = steps(there);
    assertThat(expected).hasSizeGreaterThan(2);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (file, steps) -> {
          assertThat(found.get(file)).hasSameSizeAs(steps);
          for (int i = 0; i < steps.size(); i++) {
            assertThat(found.get(file).get(i).metrics().get("loss"))
                .as("step %d of %s", i + 1, file)
                .isCloseTo(steps.get(i).metrics().get("loss"), within(1e-3));
          }
        });
  }

  private static Map<String, List<TrainingStep>> steps(Path run) throws IOException {
    Map<String, List<TrainingStep>> steps = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run.resolve("seed-1/joint/metrics"))) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> steps.put(run.relativize(file).toString(), TrainingStep.read(file)));
    }
    return steps;
  }
}
