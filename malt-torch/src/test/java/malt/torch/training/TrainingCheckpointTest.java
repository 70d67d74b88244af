package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.MaltException;
import malt.torch.adapter.LoraBase;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.LibTorch;
import malt.torch.tensor.TensorScope;
import malt.training.TrainingJob;
import malt.training.TrainingStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCheckpointTest {
  private static final Duration ALWAYS = Duration.ZERO;
  private static final Duration NEVER = Duration.ofDays(1);

  /** What a killed process does not catch. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @TempDir private Path directory;
  private long before;
  private CausalLm model;
  private LoraBase base;
  private final List<TrainingStep> steps = new ArrayList<>();

  @BeforeAll
  static void one_thread_per_operation() {
    try (TensorScope scope = new TensorScope()) {
      LibTorch.setThreads(1);
    }
  }

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    model = TinyModels.random(1);
    base = LoraBase.of("tiny", model.config(), model.weights(), "");
  }

  @AfterEach
  void close_and_nothing_leaks() {
    model.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private void train(TrainingJob job, Duration every, Consumer<TrainingStep> listener) {
    new LoraTrainer(model, base, TrainingData::sets, new TrainingResources(64, false), 1, every)
        .train(List.of(job), (same, step) -> listener.accept(step));
  }

  private TrainingJob sft(String name) {
    return TinyJobs.sft(7, TinyJobs.optimizer(0.01, 3, 3), directory.resolve(name));
  }

  private static byte[] tensors(Path adapter) throws IOException {
    return Files.readAllBytes(adapter.resolve("adapter_model.safetensors"));
  }

  private static Path checkpoint(TrainingJob job) {
    return job.output().resolveSibling(job.output().getFileName() + ".checkpoint");
  }

  private void kill(TrainingJob job, int step) {
    assertThatThrownBy(
            () ->
                train(
                    job,
                    ALWAYS,
                    taken -> {
                      if (taken.step() == step) {
                        throw new Killed();
                      }
                    }))
        .isInstanceOf(Killed.class);
    assertThat(checkpoint(job)).isNotEmptyFile();
    assertThat(job.output()).doesNotExist();
  }

  @Test
  void sft_that_was_killed_ends_with_the_adapter_and_the_steps_of_one_that_was_not()
      throws IOException {
    List<TrainingStep> whole = new ArrayList<>();
    train(sft("whole"), NEVER, whole::add);
    assertThat(whole).hasSize(9);
    for (int step : new int[] {2, 4, 9}) { // in the first epoch, between two, at the end
      TrainingJob job = sft("killed" + step);
      kill(job, step);
      steps.clear();
      train(job, NEVER, steps::add);
      assertThat(steps).isEqualTo(whole);
      assertThat(tensors(job.output())).isEqualTo(tensors(directory.resolve("whole")));
      assertThat(checkpoint(job)).doesNotExist();
    }
  }

  @Test
  void dpo_that_was_killed_keeps_its_reference() throws IOException {
    Path reference = directory.resolve("sft");
    train(sft("sft"), NEVER, step -> {});
    List<TrainingStep> whole = new ArrayList<>();
    train(dpo(reference, "whole"), NEVER, whole::add);
    TrainingJob job = dpo(reference, "killed");
    kill(job, 5);
    train(job, NEVER, steps::add);
    assertThat(steps).isEqualTo(whole);
    assertThat(tensors(job.output())).isEqualTo(tensors(directory.resolve("whole")));
  }

  private TrainingJob dpo(Path reference, String name) {
    return TinyJobs.dpo(7, TinyJobs.optimizer(0.01, 3, 3), reference, directory.resolve(name));
  }

  @Test
  void who_is_asked_to_stop_saves_first() throws IOException {
    train(sft("whole"), NEVER, step -> {});
    TrainingJob job = sft("stopped");
    assertThatThrownBy(
            () ->
                train(
                    job,
                    NEVER,
                    taken -> {
                      if (taken.step() == 5) {
                        Thread.currentThread().interrupt();
                      }
                    }))
        .isInstanceOf(MaltException.class)
        .hasMessageContaining("interrupted");
    assertThat(checkpoint(job)).isNotEmptyFile();
    List<TrainingStep> after = new ArrayList<>();
    train(job, NEVER, after::add);
    assertThat(after).hasSize(9);
    assertThat(tensors(job.output())).isEqualTo(tensors(directory.resolve("whole")));
  }

  /** Begun anew, it would have been told of one step when it stops. */
  @Test
  void steps_of_the_checkpoint_are_told_and_not_taken_again() {
    TrainingJob job = sft("out");
    kill(job, 4);
    assertThatThrownBy(
            () ->
                train(
                    job,
                    NEVER,
                    step -> {
                      steps.add(step);
                      Thread.currentThread().interrupt();
                    }))
        .hasMessageContaining("interrupted");
    assertThat(steps).extracting(TrainingStep::step).containsExactly(1, 2, 3);
  }

  @Test
  void another_job_does_not_go_on_from_there() {
    TrainingJob job = sft("out");
    kill(job, 4);
    TrainingJob faster = TinyJobs.sft(7, TinyJobs.optimizer(0.02, 3, 3), job.output());
    TrainingJob less = TinyJobs.sft(6, TinyJobs.optimizer(0.01, 3, 3), job.output());
    for (TrainingJob other : List.of(faster, less)) {
      assertThatThrownBy(() -> train(other, NEVER, step -> {}))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("out.checkpoint")
          .hasMessageContaining("other data, settings or base");
    }
  }

  @Test
  void a_damaged_checkpoint_is_named() throws IOException {
    TrainingJob job = sft("out");
    kill(job, 4);
    byte[] whole = Files.readAllBytes(checkpoint(job));
    for (byte[] damaged : List.of(Arrays.copyOf(whole, whole.length / 2), new byte[0])) {
      Files.write(checkpoint(job), damaged);
      assertThatThrownBy(() -> train(job, NEVER, step -> {}))
          .isInstanceOf(MalformedDataException.class)
          .hasMessageContaining("out.checkpoint is damaged")
          .hasMessageContaining("remove it");
    }
  }
}
