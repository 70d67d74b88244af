package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import malt.TrainingDivergedException;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.LibTorch;
import malt.torch.tensor.PeerLostException;
import malt.torch.tensor.ProcessGroup;
import malt.torch.tensor.Tensors;
import malt.training.TrainingJob;
import malt.training.TrainingStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A group's ranks as threads of this process, which Gloo does not tell from processes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GroupTrainingTest {
  @TempDir private Path directory;
  private CausalLm model;
  private LoraBase base;

  @BeforeEach
  void open() {
    LibTorch.setThreads(1);
    model = TinyModels.random(1);
    base = LoraBase.of("tiny", model.config(), model.weights(), "");
  }

  @AfterEach
  void close() {
    model.close();
  }

  /** Does the work on each rank, and returns when all have ended, or throws what one threw. */
  private static void together(int ranks, Consumer<ProcessGroup> work) {
    CompletableFuture<Integer> port = new CompletableFuture<>();
    List<String> hosts = Collections.nCopies(ranks, "127.0.0.1");
    List<CompletableFuture<Void>> all =
        IntStream.range(0, ranks)
            .mapToObj(
                rank ->
                    CompletableFuture.runAsync(
                        () -> {
                          try (ProcessGroup group =
                              ProcessGroup.join(rank, hosts, own -> meet(rank, own, port))) {
                            work.accept(group);
                          }
                        },
                        task -> new Thread(task).start()))
            .toList();
    try {
      all.forEach(CompletableFuture::join);
    } catch (java.util.concurrent.CompletionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  private static int meet(int rank, int own, CompletableFuture<Integer> port) {
    if (rank == 0) {
      port.complete(own);
    }
    return port.join();
  }

  private List<TrainingStep> train(ProcessGroup group, TrainingJob job) {
    List<TrainingStep> steps = new ArrayList<>();
    new LoraTrainer(model, base, TrainingData::sets, new TrainingResources(64, false, 2, group), 3)
        .train(List.of(job), (same, step) -> steps.add(step));
    return steps;
  }

  private float[] values(Path adapter) {
    try (LoraAdapter read = PeftAdapter.read(adapter, base)) {
      List<Float> values = new ArrayList<>();
      read.tensors()
          .forEach(
              tensor -> {
                for (float value : Tensors.floats(tensor)) {
                  values.add(value);
                }
              });
      float[] all = new float[values.size()];
      IntStream.range(0, all.length).forEach(i -> all[i] = values.get(i));
      return all;
    }
  }

  @Test
  void numbers_are_summed_over_all() {
    together(
        3,
        group -> {
          double[] values = {group.rank(), 10};
          group.sum(values);
          assertThat(values).containsExactly(0 + 1 + 2, 30);
        });
    assertThat(ProcessGroup.ALONE.leads()).isTrue();
  }

  /** Batches of 4 of 10 examples, so that the last has 2, and one of three ranks has none of it. */
  @Test
  void three_train_the_adapters_of_one_but_for_rounding() {
    Path sft = directory.resolve("alone-sft");
    Path dpo = directory.resolve("alone-dpo");
    List<TrainingStep> alone = new ArrayList<>();
    alone.addAll(train(ProcessGroup.ALONE, TinyJobs.sft(10, TinyJobs.optimizer(0.01, 4, 2), sft)));
    alone.addAll(
        train(ProcessGroup.ALONE, TinyJobs.dpo(10, TinyJobs.optimizer(0.01, 4, 2), sft, dpo)));

    TrainingJob first =
        TinyJobs.sft(10, TinyJobs.optimizer(0.01, 4, 2), directory.resolve("three-sft"));
    TrainingJob second =
        TinyJobs.dpo(10, TinyJobs.optimizer(0.01, 4, 2), sft, directory.resolve("three-dpo"));
    List<TrainingStep> three = new ArrayList<>();
    together(
        3,
        group -> {
          List<TrainingStep> steps = new ArrayList<>(train(group, first));
          steps.addAll(train(group, second));
          if (group.leads()) {
            three.addAll(steps);
          }
        });
    assertThat(three).hasSameSizeAs(alone);
    for (int i = 0; i < alone.size(); i++) {
      int step = i;
      assertThat(three.get(i).tokens()).isEqualTo(alone.get(i).tokens());
      assertThat(three.get(i).metrics().keySet()).isEqualTo(alone.get(i).metrics().keySet());
      alone
          .get(i)
          .metrics()
          .forEach(
              (name, value) ->
                  assertThat(three.get(step).metrics().get(name))
                      .as("%s of step %d", name, step)
                      .isCloseTo(value, within(1e-4)));
    }
    assertThat(values(first.output())).containsExactly(values(sft), within(1e-4f));
    assertThat(values(second.output())).containsExactly(values(dpo), within(1e-4f));
  }

  /** Were one to give up by itself, the others would wait for it. */
  @Test
  void all_give_up_together_where_the_loss_is_no_number() {
    TrainingJob job =
        TinyJobs.sft(6, TinyJobs.optimizer(1e30, 4, 3), directory.resolve("diverged"));
    assertThatThrownBy(() -> together(2, group -> train(group, job)))
        .isInstanceOf(TrainingDivergedException.class);
  }

  @Test
  void one_that_is_gone_fails_the_others() {
    assertThatThrownBy(
            () ->
                together(
                    2,
                    group -> {
                      if (group.leads()) {
                        group.sum(new double[1]);
                      }
                    }))
        .isInstanceOf(PeerLostException.class)
        .hasMessageStartingWith("rank 0 of 2 lost the others: ");
  }
}
