package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.decoding.Decoder;
import malt.torch.decoding.Feed;
import malt.torch.decoding.KeyValueNode;
import malt.torch.decoding.Way;
import malt.torch.nn.CausalLm;
import malt.torch.tensor.GradMode;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Checkpoint;
import malt.torch.weights.Precision;
import malt.torch.weights.StoredType;
import malt.torch.weights.Weights;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Equality with transformers, PEFT and TRL on random weights. src/test/parity/make_fixtures.py
 * wrote models, adapters and what is expected of them; tolerances are relative to a tensor's
 * largest number.
 */
@ParameterizedClass
@MethodSource("everywhere")
class ParityTest {
  private static final List<String> FAMILIES =
      List.of("llama-3.2", "mistral", "qwen2.5", "qwen3", "smollm2", "gemma3");
  private static final double FLOAT32 = 1e-5;
  private static final double BFLOAT16 = 0.05; // 8 bits of mantissa, rounded at other places
  private static final int EXAMPLES = 3;
  private static final DpoLoss DPO = new DpoLoss(0.2, 0, false);

  @TempDir private Path written;
  private final Path folder;
  private final Way way;
  private long before;
  private CausalLm model;
  private LoraBase base;
  private Weights expected;
  private TensorScope scope;

  /** All families where there is a device; of those that are not there one is skipped. */
  static Stream<Arguments> everywhere() {
    return FAMILIES.stream()
        .flatMap(
            family ->
                Way.each()
                    .filter(way -> way.device().isThere() || family.equals(FAMILIES.get(0)))
                    .map(way -> Arguments.of(family, way)));
  }

  ParityTest(String family, Way way) throws URISyntaxException {
    this.way = way.assumed();
    folder = Path.of(ParityTest.class.getResource("/parity/" + family).toURI());
  }

  @BeforeEach
  void open() {
    before = TensorScope.liveObjects();
    scope = new TensorScope();
    model = load(folder, Precision.FLOAT32);
    base = LoraBase.of(folder.toString(), model.config(), model.weights(), "").on(way.device());
    expected = Weights.read(folder.resolve("expected.safetensors"), ScalarType.Float);
  }

  @AfterEach
  void close_and_nothing_leaks() {
    expected.close();
    model.close();
    scope.close();
    assertThat(TensorScope.liveObjects()).isEqualTo(before);
  }

  private CausalLm load(Path directory, Precision precision) {
    return CausalLm.load(directory, precision, Tensors.on(way.device()));
  }

  private float[] expected(String name) {
    return Tensors.floats(expected.tensor(name));
  }

  private int[] ids(String name) {
    return Arrays.stream(Tensors.longs(expected.tensor(name))).mapToInt(Math::toIntExact).toArray();
  }

  private void equal(float[] found, String name, double tolerance) {
    assertThat(difference(found, expected(name))).as(name).isLessThan(tolerance);
  }

  /** The largest difference, as a share of the largest number wanted. */
  private static double difference(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(wanted[i]));
      difference = Math.max(difference, Math.abs((double) found[i] - wanted[i]));
    }
    assertThat(largest).isPositive();
    return difference / largest;
  }

  private static float[] logits(CausalLm model, LoraAdapter adapter, int... ids) {
    try (TensorScope inner = new TensorScope();
        GradMode off = GradMode.off()) {
      Tensor tokens = model.tensors().ofIds(ids).unsqueeze(0);
      return Tensors.floats(model.logits(model.forward(tokens, adapter)));
    }
  }

  private LoraAdapter adapter(String role) {
    return PeftAdapter.read(folder.resolve(role), base);
  }

  @Test
  void logits_of_a_sequence() {
    equal(logits(model, LoraAdapter.NONE, ids("ids.long")), "logits.long", FLOAT32);
    equal(logits(model, LoraAdapter.NONE, ids("ids.short")), "logits.short", FLOAT32);
  }

  @Test
  void logits_of_two_sequences_that_grow_side_by_side() {
    int[] longer = ids("ids.long");
    int[] shorter = ids("ids.short");
    int gap = longer.length - shorter.length;
    List<float[]> first = new ArrayList<>();
    List<float[]> second = new ArrayList<>();
    try (Decoder decoder = way.decoder(model, LoraAdapter.NONE);
        GradMode off = GradMode.off()) {
      KeyValueNode one = decoder.store().begin();
      KeyValueNode other = decoder.store().begin();
      for (int t = 0; t < longer.length; t++) {
        List<Feed> feeds = new ArrayList<>();
        feeds.add(new Feed(one, new int[] {longer[t]}));
        if (t >= gap) {
          feeds.add(new Feed(other, new int[] {shorter[t - gap]}));
        }
        try (TensorScope step = new TensorScope()) {
          Tensor logits = decoder.logits(feeds);
          first.add(Tensors.floats(logits.select(0, 0)));
          if (t >= gap) {
            second.add(Tensors.floats(logits.select(0, 1)));
          }
        }
      }
    }
    equal(joined(first), "logits.cached", FLOAT32);
    equal(joined(second), "logits.padded", FLOAT32);
  }

  private static float[] joined(List<float[]> rows) {
    int width = rows.get(0).length;
    float[] all = new float[rows.size() * width];
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row), 0, all, row * width, width);
    }
    return all;
  }

  @Test
  void logits_of_adapters_that_peft_wrote_here_and_after_a_round_trip() {
    for (String[] each : new String[][] {{"reference", "lora"}, {"rslora", "rslora"}}) {
      try (LoraAdapter adapter = adapter(each[0])) {
        equal(logits(model, adapter, ids("ids.long")), "logits." + each[1], FLOAT32);
        PeftAdapter.write(written.resolve(each[0]), adapter, base);
      }
      try (LoraAdapter again = PeftAdapter.read(written.resolve(each[0]), base)) {
        equal(logits(model, again, ids("ids.long")), "logits." + each[1], FLOAT32);
      }
    }
  }

  @Test
  void logits_in_bfloat16_and_in_mixed_precision() {
    Path half = written.resolve("half");
    HalfModels.write(folder, half);
    try (CausalLm bfloat16 = load(half, Precision.BFLOAT16);
        CausalLm mixed = load(half, Precision.MIXED)) {
      int[] ids = ids("ids.long");
      float[] rounded = logits(bfloat16, LoraAdapter.NONE, ids);
      float[] exact = expected("logits.bfloat16.weights");
      equal(rounded, "logits.bfloat16", BFLOAT16);
      assertThat(difference(rounded, exact)) // about as far from the truth as the reference is
          .isLessThan(2 * difference(expected("logits.bfloat16"), exact));
      equal(logits(mixed, LoraAdapter.NONE, ids), "logits.bfloat16.weights", FLOAT32);
      float[] decoded = decoded(bfloat16, ids); // keys and values are rounded too
      equal(decoded, "logits.bfloat16", BFLOAT16);
      assertThat(difference(decoded, exact))
          .isLessThan(2 * difference(expected("logits.bfloat16"), exact));
    }
    assertThat(Checkpoint.of(half).type()).isEqualTo(StoredType.BFLOAT16);
  }

  /** Logits of each position, a token at a time. */
  private float[] decoded(CausalLm model, int[] ids) {
    List<float[]> rows = new ArrayList<>();
    try (Decoder decoder = way.decoder(model, LoraAdapter.NONE);
        GradMode off = GradMode.off()) {
      KeyValueNode node = decoder.store().begin();
      for (int id : ids) {
        try (TensorScope step = new TensorScope()) {
          rows.add(Tensors.floats(decoder.logits(List.of(new Feed(node, new int[] {id})))));
        }
      }
    }
    return joined(rows);
  }

  @Test
  void gradients_in_bfloat16_and_in_mixed_precision() {
    Path half = written.resolve("half");
    HalfModels.write(folder, half);
    for (boolean recompute : new boolean[] {false, true}) {
      List<float[]> exact = gradients(half, Precision.FLOAT32, recompute);
      List<float[]> mixed = gradients(half, Precision.MIXED, recompute);
      List<float[]> rounded = gradients(half, Precision.BFLOAT16, recompute);
      for (int i = 0; i < exact.size(); i++) {
        assertThat(difference(mixed.get(i), exact.get(i))).isLessThan(FLOAT32);
        assertThat(difference(rounded.get(i), exact.get(i))).isLessThan(2 * BFLOAT16);
      }
    }
  }

  private List<float[]> gradients(Path directory, Precision precision, boolean recompute) {
    SftObjective objective = new SftObjective(sequences("sft", "completion"));
    try (CausalLm other = load(directory, precision);
        LoraAdapter adapter = adapter("reference");
        TensorScope inner = new TensorScope()) {
      TrainingResources memory = new TrainingResources(1000, recompute);
      TrainingRun run =
          new TrainingRun("parity", other, adapter, TinyJobs.optimizer(0.01, 8, 1), memory);
      List<Tensor> parameters = run.trainable();
      run.backward(objective, new int[] {0, 1, 2}, "parity");
      return parameters.stream().map(each -> Tensors.floats(each.grad())).toList();
    }
  }

  private TokenSequence sequence(String example, String completion) {
    return new TokenSequence(ids(example + ".prompt"), ids(example + "." + completion));
  }

  private List<TokenSequence> sequences(String kind, String completion) {
    List<TokenSequence> all = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      all.add(sequence(kind + "." + i, completion));
    }
    return all;
  }

  @Test
  void sft_loss_and_gradients() {
    SftObjective objective = new SftObjective(sequences("sft", "completion"));
    for (TrainingResources memory : memories()) {
      try (LoraAdapter adapter = adapter("reference")) {
        Map<String, Double> metrics = backward(objective, adapter, memory);
        equal(new float[] {metrics.get("loss").floatValue()}, "sft.loss", FLOAT32);
        gradients("sft.grad", adapter);
      }
    }
  }

  @Test
  void dpo_loss_rewards_margins_and_gradients() {
    List<TokenSequence> chosen = sequences("dpo", "chosen");
    List<TokenSequence> rejected = sequences("dpo", "rejected");
    DpoObjective bare = new DpoObjective(DPO, chosen, rejected, List.of());
    List<float[]> reference;
    try (LoraAdapter adapter = adapter("reference")) {
      reference = run(adapter, new TrainingResources(1000, false)).logProbs(bare);
    }
    equal(column(reference, 0), "dpo.reference.chosen", FLOAT32);
    equal(column(reference, 1), "dpo.reference.rejected", FLOAT32);
    DpoObjective objective = bare.withReference(reference);
    for (TrainingResources memory : memories()) {
      try (LoraAdapter adapter = adapter("policy")) {
        Map<String, Double> metrics = backward(objective, adapter, memory);
        equal(new float[] {metrics.get("loss").floatValue()}, "dpo.loss", FLOAT32);
        mean(metrics.get("rewards/chosen"), "dpo.rewards.chosen");
        mean(metrics.get("rewards/rejected"), "dpo.rewards.rejected");
        mean(metrics.get("rewards/margins"), "dpo.margins");
        mean(metrics.get("logps/chosen"), "dpo.logps.chosen");
        mean(metrics.get("logps/rejected"), "dpo.logps.rejected");
        gradients("dpo.grad", adapter);
      }
    }
  }

  /** All at once, one at a time, and with activations recomputed. */
  private static List<TrainingResources> memories() {
    return List.of(
        new TrainingResources(1000, false),
        new TrainingResources(1, false),
        new TrainingResources(1, true));
  }

  private TrainingRun run(LoraAdapter adapter, TrainingResources memory) {
    return new TrainingRun("parity", model, adapter, TinyJobs.optimizer(0.01, 8, 1), memory);
  }

  private Map<String, Double> backward(
      Objective objective, LoraAdapter adapter, TrainingResources memory) {
    TrainingRun run = run(adapter, memory);
    run.trainable();
    return run.backward(objective, new int[] {0, 1, 2}, "parity");
  }

  private static float[] column(List<float[]> rows, int column) {
    float[] values = new float[rows.size()];
    for (int row = 0; row < values.length; row++) {
      values[row] = rows.get(row)[column];
    }
    return values;
  }

  private void mean(double found, String name) {
    double sum = 0;
    double largest = 0;
    for (float value : expected(name)) {
      sum += value / EXAMPLES;
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(found).as(name).isCloseTo(sum, Offset.offset(FLOAT32 * largest));
  }

  private void gradients(String prefix, LoraAdapter adapter) {
    try (TensorScope inner = new TensorScope()) {
      adapter
          .pairs()
          .forEach(
              (module, pair) -> {
                String name = prefix + ".base_model.model." + module;
                equal(Tensors.floats(pair.a().grad()), name + ".lora_A.weight", FLOAT32);
                equal(Tensors.floats(pair.b().grad()), name + ".lora_B.weight", FLOAT32);
              });
    }
  }
}
