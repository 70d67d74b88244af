package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Weights;
import malt.training.PpoSettings;
import malt.training.PpoSettings.Level;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Equality with TRL's loss of GRPO under given advantages, by token (its "bnpo") and by sequence
 * (its "grpo"). src/test/parity/make_ppo_fixtures.py wrote what is expected; tolerances are
 * relative to a tensor's largest number.
 */
class PpoParityTest {
  private static final double FLOAT32 = 1e-5;
  private static final int[] BATCH = {0, 1, 2, 3};
  private static final double NEVER = 1e9;

  private final Path folder;
  private CausalLm model;
  private LoraBase base;
  private LoraAdapter adapter;
  private Weights expected;
  private TensorScope scope;

  PpoParityTest() throws URISyntaxException {
    folder = Path.of(PpoParityTest.class.getResource("/parity/smollm2").toURI());
  }

  @BeforeEach
  void open() {
    scope = new TensorScope();
    model = CausalLm.load(folder);
    base = LoraBase.of(folder.toString(), model.config(), model.weights(), "");
    adapter = PeftAdapter.read(folder.resolve("policy"), base);
    expected = Weights.read(folder.resolve("ppo.safetensors"), ScalarType.Float);
  }

  @AfterEach
  void close() {
    expected.close();
    adapter.close();
    model.close();
    scope.close();
  }

  private float[] expected(String name) {
    return Tensors.floats(expected.tensor(name));
  }

  private int[] ids(String name) {
    return Arrays.stream(Tensors.longs(expected.tensor(name))).mapToInt(Math::toIntExact).toArray();
  }

  private static PpoSettings settings(Level level, double low, double high, double klWeight) {
    return new PpoSettings(TinyJobs.optimizer(0.01, 4, 1), level, low, high, klWeight, false);
  }

  private PpoObjective objective(PpoSettings settings) {
    List<TokenSequence> data = new ArrayList<>();
    List<float[]> reference = new ArrayList<>();
    float[] advantages = expected("advantages");
    for (int i : BATCH) {
      data.add(
          new TokenSequence(
              ids(i + ".prompt"),
              ids(i + ".completion"),
              new TokenSequence.Sampled(expected(i + ".sampled"), advantages[i])));
      reference.add(expected(i + ".reference"));
    }
    return new PpoObjective(settings, data, reference);
  }

  private TrainingRun run(TrainingResources memory) {
    return new TrainingRun("parity", model, adapter, TinyJobs.optimizer(0.01, 4, 1), memory);
  }

  /** The gradients are left in the adapter's tensors. */
  private Map<String, Double> backward(Objective objective, TrainingResources memory) {
    TrainingRun run = run(memory);
    try (TensorScope inner = new TensorScope()) {
      for (Tensor parameter : run.trainable()) {
        if (parameter.grad().defined()) {
          parameter.mutable_grad().zero_();
        }
      }
    }
    return run.backward(objective, BATCH, "parity");
  }

  @ParameterizedTest
  @CsvSource({
    "token, TOKEN, 0, 0.2, 0.28",
    "token.kl, TOKEN, 0.3, 0.2, 0.28",
    "sequence, SEQUENCE, 0, 0.2, 0.28",
    "sequence.kl, SEQUENCE, 0.3, 0.2, 0.28",
    "unclipped, TOKEN, 0, 1e9, 1e9"
  })
  void loss_metrics_and_gradients(
      String variant, Level level, double klWeight, double low, double high) {
    PpoObjective objective = objective(settings(level, low, high, klWeight));
    for (TrainingResources memory :
        List.of(new TrainingResources(1000, false), new TrainingResources(1, true))) {
      Map<String, Double> metrics = backward(objective, memory);
      assertThat(metrics.get("loss")).isCloseTo(expected(variant + ".loss")[0], within(FLOAT32));
      assertThat(metrics.get("clip_ratio/low_mean"))
          .isCloseTo(expected(variant + ".low")[0], within(1e-6));
      assertThat(metrics.get("clip_ratio/high_mean"))
          .isCloseTo(expected(variant + ".high")[0], within(1e-6));
      assertThat(metrics.containsKey("kl")).isEqualTo(klWeight > 0);
      if (klWeight > 0) {
        // TRL's metric is a mean by token always; what its loss adds is meant by level
        String plain = variant.replace(".kl", "");
        double added = expected(variant + ".loss")[0] - expected(plain + ".loss")[0];
        assertThat(metrics.get("kl")).isCloseTo(added / klWeight, within(FLOAT32));
      }
      gradients(variant);
    }
  }

  private void gradients(String variant) {
    try (TensorScope inner = new TensorScope()) {
      adapter
          .pairs()
          .forEach(
              (module, pair) -> {
                String name = variant + ".grad.base_model.model." + module;
                close(Tensors.floats(pair.a().grad()), name + ".lora_A.weight");
                close(Tensors.floats(pair.b().grad()), name + ".lora_B.weight");
              });
    }
  }

  private void close(float[] found, String name) {
    float[] wanted = expected(name);
    float largest = 0;
    for (float value : wanted) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).as(name).isPositive();
    assertThat(found).as(name).containsExactly(wanted, within((float) FLOAT32 * largest));
  }

  /** The policy at hand, as it would have sampled the same completions. */
  private PpoObjective onPolicy(PpoSettings settings) {
    PpoObjective objective = objective(settings);
    List<float[]> now = run(new TrainingResources(1000, false)).tokenLogProbs(objective);
    List<TokenSequence> data = new ArrayList<>();
    for (int i : BATCH) {
      TokenSequence each = objective.data().get(i);
      double advantage = each.asSampled().advantage();
      data.add(
          new TokenSequence(
              each.prompt(), each.completion(), new TokenSequence.Sampled(now.get(i), advantage)));
    }
    return new PpoObjective(settings, data, now);
  }

  /** The gradient of every parameter, one after the other. */
  private float[] gradient(Objective objective) {
    backward(objective, new TrainingResources(1000, false));
    try (TensorScope inner = new TensorScope()) {
      List<Tensor> all =
          run(new TrainingResources(1000, false)).trainable().stream()
              .map(each -> each.grad().flatten())
              .toList();
      return Tensors.floats(Tensors.cat(0, all.toArray(new Tensor[0])));
    }
  }

  private static float[] scaled(float[] values, double by) {
    float[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= (float) by;
    }
    return scaled;
  }

  @Test
  void at_a_ratio_of_one_it_is_the_policy_gradient_and_nothing_diverges() {
    PpoObjective objective = onPolicy(settings(Level.TOKEN, 0.2, 0.2, 0.5));
    float[] found = gradient(objective);
    Map<String, Double> metrics = backward(objective, new TrainingResources(1000, false));
    assertThat(metrics.get("ratio")).isCloseTo(1, within(1e-6));
    assertThat(metrics.get("kl")).isCloseTo(0, within(1e-9));
    assertThat(metrics.get("clip_ratio/low_mean")).isZero();
    assertThat(metrics.get("clip_ratio/high_mean")).isZero();
    // -sum of A grad log pi(y|x) over the tokens of the batch: SFT's gradients, weighed by hand
    int tokens = objective.data().stream().mapToInt(each -> each.completion().length).sum();
    float[] wanted = new float[found.length];
    for (int i : BATCH) {
      TokenSequence each = objective.data().get(i);
      float[] sft = alone(each);
      double weight = each.asSampled().advantage() * each.completion().length / tokens;
      for (int j = 0; j < wanted.length; j++) {
        wanted[j] += (float) (weight * sft[j]);
      }
    }
    assertThat(found).containsExactly(wanted, within(1e-5f));
    assertThat(wanted).satisfies(values -> assertThat(norm(values)).isGreaterThan(0.01));
  }

  /** The gradient of one completion's mean -log p by token. */
  private float[] alone(TokenSequence sequence) {
    SftObjective sft = new SftObjective(List.of(sequence, sequence, sequence, sequence));
    return gradient(sft); // of four equal ones, as of one
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  @Test
  void levels_differ_by_the_lengths_of_completions_even_at_a_ratio_of_one() {
    float[] token = gradient(onPolicy(settings(Level.TOKEN, NEVER, NEVER, 0)));
    float[] sequence = gradient(onPolicy(settings(Level.SEQUENCE, NEVER, NEVER, 0)));
    float[] wanted = new float[token.length];
    for (int i : BATCH) {
      TokenSequence each = onPolicy(settings(Level.TOKEN, 1, 1, 0)).data().get(i);
      float[] mean = scaled(alone(each), each.asSampled().advantage() / BATCH.length);
      for (int j = 0; j < wanted.length; j++) {
        wanted[j] += mean[j];
      }
    }
    assertThat(sequence).containsExactly(wanted, within(1e-5f));
    for (int j = 0; j < wanted.length; j++) {
      wanted[j] -= token[j];
    }
    assertThat(norm(wanted)).isGreaterThan(0.01);
  }

  @Test
  void what_is_clipped_has_no_gradient() {
    PpoObjective objective = onPolicy(settings(Level.TOKEN, 0.2, 0.2, 0));
    // every ratio is e^0.5 where that is good, and e^-0.5 where it is bad
    List<TokenSequence> past = new ArrayList<>();
    List<TokenSequence> back = new ArrayList<>();
    for (TokenSequence each : objective.data()) {
      float by = each.asSampled().advantage() > 0 ? 0.5f : -0.5f;
      past.add(moved(each, -by));
      back.add(moved(each, by));
    }
    float[] none = gradient(new PpoObjective(objective.settings(), past, List.of()));
    assertThat(none).containsOnly(0f);
    Map<String, Double> metrics =
        backward(
            new PpoObjective(objective.settings(), past, List.of()),
            new TrainingResources(1000, false));
    assertThat(metrics.get("clip_ratio/low_mean") + metrics.get("clip_ratio/high_mean"))
        .isCloseTo(1, within(1e-9));
    // on the other side of 1 the gradient stays, so that a policy finds its way back
    assertThat(norm(gradient(new PpoObjective(objective.settings(), back, List.of()))))
        .isGreaterThan(0.01);
  }

  private static TokenSequence moved(TokenSequence sequence, float by) {
    float[] logProbs = sequence.asSampled().logProbs().clone();
    for (int i = 0; i < logProbs.length; i++) {
      logProbs[i] += by;
    }
    return new TokenSequence(
        sequence.prompt(),
        sequence.completion(),
        new TokenSequence.Sampled(logProbs, sequence.asSampled().advantage()));
  }
}
