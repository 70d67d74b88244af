package malt.torch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import malt.MalformedDataException;
import malt.TrainingDivergedException;
import malt.data.DatasetFiles;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.torch.adapter.LoraAdapter;
import malt.torch.adapter.LoraBase;
import malt.torch.adapter.PeftAdapter;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.LibTorch;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Fingerprint;
import malt.training.DpoSettings;
import malt.training.PpoSettings;
import malt.training.SftSettings;
import malt.training.TrainingJob;
import malt.training.TrainingStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraTrainerTest {
  private static final TrainingResources RESOURCES = new TrainingResources(64, false);

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

  private void train(TrainingJob job) {
    new LoraTrainer(model, base, TrainingData::sets, RESOURCES, 1)
        .train(List.of(job), (same, step) -> steps.add(step));
  }

  private Path pairs(int count) {
    Path data = directory.resolve("pairs.jsonl");
    DatasetFiles.writePairs(data, TinyJobs.pairs(count));
    return data;
  }

  private double metric(int step, String name) {
    return steps.get(step).metrics().get(name);
  }

  private static byte[] tensors(Path adapter) throws IOException {
    return Files.readAllBytes(adapter.resolve("adapter_model.safetensors"));
  }

  @Test
  void a_handful_of_examples_is_learnt_by_heart() {
    try (TensorScope scope = new TensorScope()) { // so that the frozen head can be certain at all
      model.weights().take("lm_head.weight", 50, 16).mul_(Tensors.scalar(4));
    }
    Path output = directory.resolve("sft");
    train(TinyJobs.sft(6, TinyJobs.optimizer(0.02, 3, 40), output));
    assertThat(steps).hasSize(80);
    assertThat(metric(0, "loss")).isGreaterThan(3);
    assertThat(metric(79, "loss")).isLessThan(0.05);
  }

  @Test
  void a_handful_of_pairs_is_told_apart() {
    Path sft = directory.resolve("sft");
    train(TinyJobs.sft(6, TinyJobs.optimizer(0.01, 3, 5), sft));
    steps.clear();
    train(TinyJobs.dpo(6, TinyJobs.optimizer(0.02, 6, 30), sft, directory.resolve("dpo")));
    assertThat(metric(0, "loss")).isCloseTo(Math.log(2), within(1e-5)); // policy = reference
    assertThat(metric(0, "rewards/margins")).isCloseTo(0, within(1e-5));
    assertThat(metric(29, "loss")).isLessThan(0.1);
    assertThat(metric(29, "rewards/accuracies")).isEqualTo(1, within(1e-9));
    assertThat(metric(29, "logps/chosen")).isGreaterThan(metric(29, "logps/rejected"));
  }

  private List<float[]> scored(LoraAdapter adapter) {
    return TinyJobs.pairs(6).stream()
        .flatMap(pair -> Stream.of(pair.chosen(), pair.rejected()))
        .map(c -> CompletionScorer.score(model, adapter, c.promptIds(), c.ids()))
        .toList();
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  @Test
  void a_policy_says_more_of_what_was_better_than_its_siblings() {
    List<float[]> before = scored(LoraAdapter.NONE);
    Path data = directory.resolve("ppo.jsonl");
    DatasetFiles.writePolicy(data, TinyJobs.policy(before));
    for (PpoSettings.Level level : PpoSettings.Level.values()) {
      steps.clear();
      Path output = directory.resolve("ppo-" + level);
      PpoSettings settings =
          new PpoSettings(TinyJobs.optimizer(0.02, 12, 20), level, 0.2, 0.2, 0.1, false);
      train(
          new TrainingJob(
              "verifier/ppo", settings, data, AdapterRef.BASE, TinyJobs.LORA, 7, output));
      assertThat(steps.get(0).metrics().keySet())
          .containsExactly(
              "kl",
              "loss",
              "ratio",
              "clip_ratio/low_mean",
              "clip_ratio/high_mean",
              "grad_norm",
              "learning_rate");
      assertThat(metric(0, "ratio")).isCloseTo(1, within(1e-5)); // as it was sampled
      assertThat(metric(0, "kl")).isCloseTo(0, within(1e-9)); // the policy is the reference
      assertThat(metric(19, "kl")).isGreaterThan(1e-3);
      assertThat(metric(19, "loss")).isLessThan(metric(0, "loss"));
      try (LoraAdapter trained = PeftAdapter.read(output, base)) {
        List<float[]> after = scored(trained);
        double better = 0;
        double worse = 0;
        for (int i = 0; i < after.size(); i += 2) {
          better += sum(after.get(i)) - sum(before.get(i));
          worse += sum(after.get(i + 1)) - sum(before.get(i + 1));
        }
        assertThat(better).isGreaterThan(worse + 1);
      }
    }
  }

  @Test
  void a_policys_completion_without_log_probabilities_is_refused_with_its_line() {
    Path data = directory.resolve("ppo.jsonl");
    List<float[]> none = new ArrayList<>(scored(LoraAdapter.NONE));
    none.set(1, new float[0]);
    DatasetFiles.writePolicy(data, TinyJobs.policy(none));
    PpoSettings settings =
        new PpoSettings(
            TinyJobs.optimizer(0.02, 12, 1), PpoSettings.Level.TOKEN, 0.2, 0.2, 0, false);
    TrainingJob job =
        new TrainingJob(
            "verifier/ppo",
            settings,
            data,
            AdapterRef.BASE,
            TinyJobs.LORA,
            7,
            directory.resolve("ppo"));
    assertThatThrownBy(() -> train(job))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("ppo.jsonl:2")
        .hasMessageContaining("0 log-probabilities; PPO needs one of each id");
  }

  @Test
  void training_leaves_the_base_as_it_was() {
    String fingerprint = Fingerprint.of(model.config(), model.weights());
    Path sft = directory.resolve("sft");
    train(TinyJobs.sft(6, TinyJobs.optimizer(0.01, 3, 2), sft));
    train(TinyJobs.dpo(6, TinyJobs.optimizer(0.01, 3, 2), sft, directory.resolve("dpo")));
    assertThat(Fingerprint.of(model.config(), model.weights())).isEqualTo(fingerprint);
  }

  @Test
  void dpo_leaves_its_reference_as_it_was() throws IOException {
    Path sft = directory.resolve("sft");
    train(TinyJobs.sft(6, TinyJobs.optimizer(0.01, 3, 2), sft));
    byte[] reference = tensors(sft);
    Path dpo = directory.resolve("dpo");
    train(TinyJobs.dpo(6, TinyJobs.optimizer(0.01, 3, 2), sft, dpo));
    assertThat(tensors(sft)).isEqualTo(reference);
    assertThat(tensors(dpo)).isNotEqualTo(reference);
  }

  @Test
  void every_step_is_reported_under_the_names_of_trl() {
    Path sft = directory.resolve("sft");
    train(TinyJobs.sft(5, TinyJobs.optimizer(0.01, 2, 2), sft));
    assertThat(steps).extracting(TrainingStep::step).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(steps).extracting(TrainingStep::steps).containsOnly(6);
    long tokens =
        TinyJobs.examples(5).stream().mapToInt(example -> example.completion().ids().length).sum();
    assertThat(steps.stream().mapToLong(TrainingStep::tokens).sum()).isEqualTo(2 * tokens);
    assertThat(steps.get(0).metrics().keySet())
        .containsExactly("loss", "grad_norm", "learning_rate");
    assertThat(metric(0, "learning_rate")).isEqualTo(0.01);
    assertThat(metric(5, "learning_rate")).isCloseTo(0.001, within(1e-12));
    steps.clear();
    DpoSettings settings = new DpoSettings(TinyJobs.optimizer(0.01, 2, 1), 0.2, 0.5, true);
    train(
        new TrainingJob(
            "verifier/dpo",
            settings,
            pairs(2),
            new AdapterRef("verifier/sft", sft),
            TinyJobs.LORA,
            6,
            directory.resolve("dpo")));
    assertThat(steps.get(0).metrics().keySet())
        .containsExactly(
            "loss",
            "nll_loss",
            "rewards/chosen",
            "rewards/rejected",
            "rewards/margins",
            "rewards/accuracies",
            "logps/chosen",
            "logps/rejected",
            "grad_norm",
            "learning_rate");
    assertThat(metric(0, "loss"))
        .isCloseTo(Math.log(2) + 0.5 * metric(0, "nll_loss"), within(1e-5));
  }

  @Test
  void a_loss_that_is_not_finite_names_job_and_step_and_leaves_no_adapter() throws IOException {
    Path output = directory.resolve("sft");
    assertThatThrownBy(() -> train(TinyJobs.sft(6, TinyJobs.optimizer(1e30, 3, 4), output)))
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("verifier/sft, step ")
        .hasMessageContaining("lower learning rate");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).extracting(Path::getFileName).containsExactly(Path.of("sft-6.jsonl"));
    }
  }

  @Test
  void a_completion_without_ids_is_refused_by_problem() {
    SftExample whole = TinyJobs.examples(1).get(0);
    SftExample bare =
        new SftExample(
            whole.role(), "q7", whole.prompt(), TinyJobs.completion(new int[] {1}, new int[0]), 1);
    Path data = directory.resolve("sft.jsonl");
    DatasetFiles.writeExamples(data, List.of(whole, bare));
    TrainingJob job =
        new TrainingJob(
            "refiner/sft",
            new SftSettings(TinyJobs.optimizer(0.01, 2, 1)),
            data,
            AdapterRef.BASE,
            TinyJobs.LORA,
            5,
            directory.resolve("sft"));
    assertThatThrownBy(() -> train(job))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining(
            "sft.jsonl:2: the completion of problem q7 has 1 prompt ids and 0 completion ids");
  }

  @Test
  void sft_of_an_adapter_begins_where_that_one_ended() {
    Path first = directory.resolve("first");
    train(TinyJobs.sft(6, TinyJobs.optimizer(0.02, 6, 20), first));
    double last = metric(19, "loss");
    steps.clear();
    TrainingJob fresh = TinyJobs.sft(6, TinyJobs.optimizer(0.02, 6, 1), directory.resolve("more"));
    AdapterRef start = new AdapterRef("first", first);
    train(
        new TrainingJob(
            "more", fresh.method(), fresh.data(), start, fresh.lora(), 5, fresh.output()));
    assertThat(metric(0, "loss")).isCloseTo(last, within(0.05));
    train(fresh);
    assertThat(metric(1, "loss")).isGreaterThan(metric(0, "loss") + 0.5);
  }

  @Test
  void dpo_may_begin_at_the_bare_base_which_is_then_its_reference() {
    TrainingJob job =
        new TrainingJob(
            "refiner/dpo",
            new DpoSettings(TinyJobs.optimizer(0.01, 4, 3), 0.2, 0, false),
            pairs(4),
            AdapterRef.BASE,
            TinyJobs.LORA,
            1,
            directory.resolve("dpo"));
    train(job);
    assertThat(metric(0, "loss")).isCloseTo(Math.log(2), within(1e-6));
    assertThat(metric(2, "loss")).isLessThan(Math.log(2));
  }

  @Test
  void several_threads_train_the_same_adapter_and_the_same_bits_each_time() throws IOException {
    TrainingResources divided = new TrainingResources(64, false, 3);
    List<byte[]> adapters = new ArrayList<>();
    List<TrainingStep> divide = new ArrayList<>();
    for (int time = 0; time < 2; time++) {
      Path output = directory.resolve("divided-" + time);
      new LoraTrainer(model, base, TrainingData::sets, divided, 1)
          .train(
              List.of(TinyJobs.sft(6, TinyJobs.optimizer(0.01, 4, 2), output)),
              (same, step) -> divide.add(step));
      adapters.add(tensors(output));
    }
    assertThat(adapters.get(1)).isEqualTo(adapters.get(0));
    train(TinyJobs.sft(6, TinyJobs.optimizer(0.01, 4, 2), directory.resolve("whole")));
    for (int step = 0; step < steps.size(); step++) {
      assertThat(divide.get(step).metrics().get("loss"))
          .isCloseTo(metric(step, "loss"), within(1e-5));
    }
  }
}
