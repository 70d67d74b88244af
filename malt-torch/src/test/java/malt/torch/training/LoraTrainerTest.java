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
import malt.ConfigException;
import malt.MalformedDataException;
import malt.TrainingDivergedException;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.torch.adapter.LoraBase;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.tensor.LibTorch;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import malt.torch.weights.Fingerprint;
import malt.training.DpoSettings;
import malt.training.SftSettings;
import malt.training.TrainingJob;
import malt.training.TrainingStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraTrainerTest {
  private static final TrainingMemory MEMORY = new TrainingMemory(64, false);

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

  private AdapterRef train(TrainingJob job) {
    return new LoraTrainer(model, base, MEMORY).train(job, steps::add);
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
    AdapterRef ref = train(TinyJobs.sft(6, TinyJobs.optimizer(0.02, 3, 40), output));
    assertThat(ref).isEqualTo(new AdapterRef("verifier/sft", output));
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
  void the_same_job_gives_the_same_adapter_alone_or_beside_another() throws Exception {
    Path alone = directory.resolve("alone");
    train(TinyJobs.sft(9, TinyJobs.optimizer(0.01, 4, 3), alone));
    List<Thread> threads = new ArrayList<>();
    for (String name : List.of("left", "right")) {
      TrainingJob job = TinyJobs.sft(9, TinyJobs.optimizer(0.01, 4, 3), directory.resolve(name));
      threads.add(new Thread(() -> new LoraTrainer(model, base, MEMORY).train(job, step -> {})));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(tensors(directory.resolve("left"))).isEqualTo(tensors(alone));
    assertThat(tensors(directory.resolve("right"))).isEqualTo(tensors(alone));
  }

  @Test
  void another_seed_gives_another_adapter() throws IOException {
    TrainingJob.SftJob job =
        TinyJobs.sft(4, TinyJobs.optimizer(0.01, 4, 1), directory.resolve("one"));
    train(job);
    Path other = directory.resolve("other");
    train(
        new TrainingJob.SftJob(
            job.name(), job.examples(), job.lora(), job.settings(), job.seed() + 1, other));
    assertThat(tensors(other)).isNotEqualTo(tensors(job.output()));
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
        new TrainingJob.DpoJob(
            "verifier/dpo",
            TinyJobs.pairs(2),
            new AdapterRef("verifier/sft", sft),
            TinyJobs.LORA,
            settings,
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
      assertThat(left).isEmpty();
    }
  }

  @Test
  void a_job_without_examples_says_which_role_and_what_to_do() {
    Path output = directory.resolve("none");
    assertThatThrownBy(() -> train(TinyJobs.sft(0, TinyJobs.optimizer(1, 1, 1), output)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("verifier/sft has no SFT examples")
        .hasMessageContaining("use more questions");
    assertThatThrownBy(() -> train(TinyJobs.dpo(0, TinyJobs.optimizer(1, 1, 1), output, output)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("verifier/dpo has no preference pairs");
  }

  @Test
  void a_completion_without_ids_is_refused_by_problem() {
    SftExample whole = TinyJobs.examples(1).get(0);
    SftExample bare =
        new SftExample(
            whole.role(), "q7", whole.prompt(), TinyJobs.completion(new int[] {1}, new int[0]), 1);
    TrainingJob.SftJob job =
        new TrainingJob.SftJob(
            "refiner/sft",
            List.of(whole, bare),
            TinyJobs.LORA,
            new SftSettings(TinyJobs.optimizer(0.01, 2, 1)),
            5,
            directory.resolve("sft"));
    assertThatThrownBy(() -> train(job))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("refiner/sft: problem q7 has 1 prompt ids and 0 completion ids");
  }

  @Test
  void dpo_may_begin_at_the_bare_base_which_is_then_its_reference() {
    TrainingJob.DpoJob job =
        new TrainingJob.DpoJob(
            "refiner/dpo",
            TinyJobs.pairs(4),
            AdapterRef.BASE,
            TinyJobs.LORA,
            new DpoSettings(TinyJobs.optimizer(0.01, 4, 3), 0.2, 0, false),
            1,
            directory.resolve("dpo"));
    train(job);
    assertThat(metric(0, "loss")).isCloseTo(Math.log(2), within(1e-6));
    assertThat(metric(2, "loss")).isLessThan(Math.log(2));
  }
}
