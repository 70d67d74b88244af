package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import malt.TrainingDivergedException;
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
    return gradients(objective, new TrainingResources(microBatchTokens, false));
  }

  private List<double[]> gradients(Objective objective, TrainingResources memory) {
    List<double[]> gradients = new ArrayList<>();
    try (TrainingRun run = tiny.run(memory);
        TensorScope scope = new TensorScope()) {
      List<Tensor> parameters = run.trainable();
      loss(objective, run);
      parameters.forEach(each -> gradients.add(DoubleModel.values(each.grad())));
      parameters.forEach(each -> each.mutable_grad().zero_());
    }
    return gradients;
  }

  private void agreesWithFiniteDifferences(Objective objective) {
    List<double[]> gradients = gradients(objective, 1000);
    TrainingRun run = tiny.run(new TrainingResources(1000, false));
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
      List<double[]> kept = gradients(objective, new TrainingResources(40, false));
      List<double[]> again = gradients(objective, new TrainingResources(40, true));
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

  @Test
  void a_batch_divided_among_threads_has_the_same_loss_and_gradient_and_the_same_bits_each_time() {
    for (Objective objective : List.of(sft(), dpo(0, false), dpo(0.7, true))) {
      List<double[]> whole = gradients(objective, 1000);
      double loss = lossOn(1, objective);
      for (int threads : new int[] {2, 3, 8, 20}) {
        TrainingResources divided = new TrainingResources(60, false, threads);
        List<double[]> parts = gradients(objective, divided);
        List<double[]> again = gradients(objective, divided);
        for (int p = 0; p < whole.size(); p++) {
          assertThat(parts.get(p)).containsExactly(whole.get(p), within(1e-13));
          assertThat(again.get(p)).isEqualTo(parts.get(p));
        }
        assertThat(lossOn(threads, objective)).isCloseTo(loss, within(1e-13));
      }
    }
  }

  private double lossOn(int threads, Objective objective) {
    try (TrainingRun run = tiny.run(new TrainingResources(1000, false, threads));
        TensorScope scope = new TensorScope()) {
      double loss = loss(objective, run);
      run.trainable().forEach(each -> each.mutable_grad().zero_());
      return loss;
    }
  }

  @Test
  void log_probabilities_do_not_depend_on_the_threads_that_work_them_out() {
    Objective objective = dpo(0, false);
    List<float[]> one = logProbs(1, objective);
    for (int threads : new int[] {2, 5}) {
      List<float[]> several = logProbs(threads, objective);
      for (int i = 0; i < one.size(); i++) {
        assertThat(several.get(i)).containsExactly(one.get(i), within(1e-6f));
      }
    }
  }

  private List<float[]> logProbs(int threads, Objective objective) {
    try (TrainingRun run = tiny.run(new TrainingResources(1000, false, threads))) {
      return run.logProbs(objective);
    }
  }

  @Test
  void what_goes_wrong_in_any_part_of_a_batch_is_told() {
    Objective objective = dpo(0, false);
    float[] unknown = {Float.NaN, 0};
    for (int bad : BATCH) {
      List<float[]> reference = new ArrayList<>(((DpoObjective) objective).reference());
      reference.set(bad, unknown);
      Objective broken = ((DpoObjective) objective).withReference(reference);
      try (TrainingRun run = tiny.run(new TrainingResources(1000, false, 3))) {
        assertThatThrownBy(() -> run.backward(broken, BATCH, "dpo, step 7"))
            .isInstanceOf(TrainingDivergedException.class)
            .hasMessageStartingWith("dpo, step 7: the loss is NaN");
      }
    }
  }
}
