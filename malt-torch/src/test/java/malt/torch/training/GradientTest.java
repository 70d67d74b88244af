package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.training.DpoSettings;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GradientTest {
  private static final int[] BATCH = {0, 1, 2, 3, 4, 5, 6, 7};
  private long before;
  private DoubleModel tiny;

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    tiny = DoubleModel.open();
  }

  @AfterEach
  void close_and_nothing_leaks() {
    tiny.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private static Objective sft() {
    return TinyJobs.sft(8);
  }

  private static Objective dpo(double nllWeight, boolean lengthNormalised) {
    DpoSettings settings =
        new DpoSettings(TinyJobs.optimizer(0.01, 8, 1), 0.2, nllWeight, lengthNormalised);
    SplittableRandom random = new SplittableRandom(4);
    List<float[]> reference = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      reference.add(new float[] {-random.nextInt(5, 20), -random.nextInt(5, 20)});
    }
    return TinyJobs.dpo(8, settings, reference);
  }

  private double loss(Objective objective, TrainingRun run) {
    return run.backward(objective, BATCH, "test").get("loss");
  }

  /** The gradient of every parameter, in order. */
  private List<double[]> gradients(Objective objective, int microBatchTokens) {
    return gradients(objective, new TrainingMemory(microBatchTokens, false));
  }

  private List<double[]> gradients(Objective objective, TrainingMemory memory) {
    TrainingRun run = tiny.run(memory);
    List<double[]> gradients = new ArrayList<>();
    List<Tensor> parameters = run.trainable();
    loss(objective, run);
    try (TensorScope scope = new TensorScope()) {
      for (Tensor parameter : parameters) {
        gradients.add(DoubleModel.values(parameter.grad()));
        parameter.mutable_grad().zero_();
      }
    }
    return gradients;
  }

  private void agreesWithFiniteDifferences(Objective objective) {
    List<double[]> gradients = gradients(objective, 1000);
    TrainingRun run = tiny.run(new TrainingMemory(1000, false));
    List<Tensor> parameters = run.trainable();
    SplittableRandom random = new SplittableRandom(9);
    double step = 1e-5;
    for (int p = 0; p < parameters.size(); p++) {
      int at = random.nextInt(gradients.get(p).length);
      nudge(parameters.get(p), at, step);
      double up = loss(objective, run);
      nudge(parameters.get(p), at, -2 * step);
      double down = loss(objective, run);
      nudge(parameters.get(p), at, step);
      assertThat((up - down) / (2 * step)).isCloseTo(gradients.get(p)[at], within(1e-8));
    }
    assertThat(gradients)
        .allMatch(gradient -> java.util.Arrays.stream(gradient).anyMatch(g -> Math.abs(g) > 1e-5));
  }

  private static void nudge(Tensor parameter, int at, double by) {
    try (TensorScope scope = new TensorScope();
        GradMode off = GradMode.off()) {
      parameter.flatten().narrow(0, at, 1).add_(Tensors.scalar(by));
    }
  }

  @Test
  void the_gradient_of_sft_agrees_with_finite_differences() {
    agreesWithFiniteDifferences(sft());
  }

  @Test
  void the_gradient_of_dpo_agrees_with_finite_differences() {
    agreesWithFiniteDifferences(dpo(0, false));
  }

  @Test
  void the_gradient_of_dpo_with_nll_and_length_normalisation_agrees_with_finite_differences() {
    agreesWithFiniteDifferences(dpo(0.7, true));
  }

  @Test
  void recomputed_activations_give_the_same_gradient() {
    for (Objective objective : List.of(sft(), dpo(0, false), dpo(0.7, true))) {
      List<double[]> kept = gradients(objective, new TrainingMemory(40, false));
      List<double[]> again = gradients(objective, new TrainingMemory(40, true));
      for (int p = 0; p < kept.size(); p++) {
        assertThat(again.get(p)).containsExactly(kept.get(p), within(1e-12));
      }
      assertThat(kept).allMatch(g -> java.util.Arrays.stream(g).anyMatch(x -> Math.abs(x) > 1e-5));
    }
  }

  @Test
  void eight_micro_batches_of_one_give_the_gradient_of_one_of_eight() {
    for (Objective objective : List.of(sft(), dpo(0, false), dpo(0.7, true))) {
      assertThat(Batches.micro(BATCH, objective, 1)).hasSize(8);
      assertThat(Batches.micro(BATCH, objective, 1000)).hasSize(1);
      List<double[]> ones = gradients(objective, 1);
      List<double[]> eight = gradients(objective, 1000);
      for (int p = 0; p < ones.size(); p++) {
        assertThat(ones.get(p)).containsExactly(eight.get(p), within(1e-13));
      }
    }
  }
}
