package malt.app.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import malt.evaluation.EvaluationFiles;
import malt.experiment.ExperimentConfig;
import malt.experiment.ExperimentConfig.TrackingSettings;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.ToyRun;
import malt.training.TrainingStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class TrackingTest {
  @TempDir private Path run;

  private final List<String> warnings = new CopyOnWriteArrayList<>();

  private Tracking track(String url) {
    ExperimentConfig config = RunDirectory.readConfig(run);
    return new Tracking(
        new TrackingSettings(url, null),
        new TrackedRun(config, new RunLayout(run)),
        new MlflowClient(url, Map.of()),
        warnings::add,
        Duration.ofMillis(50));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(20);
    }
  }

  @Test
  void a_server_is_told_parameters_metrics_by_step_and_files() throws IOException {
    ToyRun.go(run, -1);
    try (FakeMlflow mlflow = new FakeMlflow()) {
      track(mlflow.url()).close();
      FakeMlflow.Kept kept = mlflow.runs().get(0);
      assertThat(kept.name()).isEqualTo("toy"); // as the manifest has it
      assertThat(kept.tags()).containsKeys("malt.version", "malt.base");
      assertThat(kept.parameters())
          .containsEntry("sft.learning_rate", "0.002")
          .containsEntry("run", "[\"joint\"]")
          .hasSizeGreaterThan(90);
      List<TrainingStep> steps =
          TrainingStep.read(run.resolve("seed-1/joint/metrics/verifier-dpo.jsonl"));
      assertThat(kept.metrics().get("seed-1/joint/verifier/dpo/rewards/margins").keySet())
          .containsExactlyElementsOf(LongStream.rangeClosed(1, steps.size()).boxed().toList());
      assertThat(kept.metrics())
          .containsKeys(
              "seed-1/rounds/accuracy",
              "seed-1/rounds/verifier/false alarms",
              "seed-1/rounds/verifier/pairs",
              "seed-1/rounds/refiner/labelled correct");
      assertThat(kept.metrics().get("accuracy/MALT_MV").get(1L))
          .isEqualTo(
              EvaluationFiles.read(run.resolve("evaluation.json"))
                  .methods()
                  .get("MALT+MV")
                  .accuracy());
      assertThat(kept.files().get("evaluation.json"))
          .isEqualTo(Files.readString(run.resolve("evaluation.json")));
      assertThat(kept.files()).containsKeys("config.yaml", "manifest.json");
      assertThat(kept.statuses()).containsExactly("FINISHED");
      assertThat(warnings).isEmpty();
    }
  }

  @Test
  void the_next_attempt_goes_on_in_the_same_run_and_tells_nothing_twice() throws IOException {
    try (FakeMlflow mlflow = new FakeMlflow()) { // which fails where a metric comes twice
      ToyRun.go(run, ToyRun.HALF_THE_TREES);
      track(mlflow.url()).close();
      assertThat(mlflow.runs().get(0).statuses()).containsExactly("KILLED");
      ToyRun.go(run, -1);
      track(mlflow.url()).close();
      track(mlflow.url()).close();
      assertThat(mlflow.runs()).hasSize(1);
      assertThat(mlflow.runs().get(0).metrics()).containsKey("accuracy/SA");
      assertThat(mlflow.runs().get(0).statuses()).endsWith("FINISHED", "RUNNING", "FINISHED");
      assertThat(warnings).isEmpty();
    }
  }

  @Test
  void another_server_or_one_that_forgot_the_run_is_told_all() throws IOException {
    ToyRun.go(run, -1);
    for (int server = 0; server < 2; server++) {
      try (FakeMlflow mlflow = new FakeMlflow()) {
        track(mlflow.url()).close();
        assertThat(mlflow.runs().get(0).metrics()).containsKey("accuracy/SA");
        Path file = run.resolve("tracking.json");
        Files.writeString(file, Files.readString(file).replace("run0", "gone"));
        track(mlflow.url()).close();
        assertThat(mlflow.runs()).hasSize(2);
        assertThat(mlflow.runs().get(1).metrics()).containsKey("accuracy/SA");
      }
    }
  }

  @Test
  void a_server_that_fails_is_warned_of_once_and_told_later() throws Exception {
    ToyRun.go(run, -1);
    try (FakeMlflow mlflow = new FakeMlflow()) {
      mlflow.breaks(true);
      try (Tracking tracking = track(mlflow.url())) {
        await(() -> !warnings.isEmpty());
        mlflow.breaks(false);
        await(
            () ->
                !mlflow.runs().isEmpty()
                    && mlflow.runs().get(0).metrics().containsKey("accuracy/SA"));
      }
      assertThat(warnings).hasSize(1);
      assertThat(warnings.get(0)).contains(mlflow.url(), "answers 500", "the run goes on");
    }
  }

  @Test
  void a_server_that_is_not_there_costs_a_warning() throws IOException {
    ToyRun.go(run, 1);
    String url;
    try (FakeMlflow mlflow = new FakeMlflow()) {
      url = mlflow.url();
    }
    track(url).close();
    assertThat(warnings).hasSize(1);
    assertThat(run.resolve("tracking.json")).doesNotExist();
  }

  @Test
  void a_store_that_only_its_own_client_can_write_gets_no_files_and_all_numbers()
      throws IOException {
    ToyRun.go(run, -1);
    try (FakeMlflow mlflow = new FakeMlflow()) {
      mlflow.keepsFilesAt("s3://bucket/%s");
      track(mlflow.url()).close();
      assertThat(mlflow.runs().get(0).metrics()).containsKey("accuracy/SA");
      assertThat(mlflow.runs().get(0).files()).isEmpty();
      assertThat(warnings).hasSize(1);
      assertThat(warnings.get(0)).contains("s3://bucket/run0", "--serve-artifacts");
    }
  }
}
