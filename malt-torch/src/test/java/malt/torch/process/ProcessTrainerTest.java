package malt.torch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.MaltException;
import malt.TrainingDivergedException;
import malt.WeightsException;
import malt.agent.AgentRole;
import malt.data.DatasetFiles;
import malt.data.PreferencePair;
import malt.data.SftExample;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.Dtype;
import malt.model.FinishReason;
import malt.model.Prompt;
import malt.torch.adapter.LoraBase;
import malt.torch.nn.CausalLm;
import malt.torch.nn.TinyModels;
import malt.torch.training.TrainingData;
import malt.training.AdapterTrainer;
import malt.training.DpoSettings;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.SftSettings;
import malt.training.TrainingJob;
import malt.training.TrainingMethod;
import malt.training.TrainingStep;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trainer that is a process promises beyond the contract. */
class ProcessTrainerTest {
  private static final OptimizerSettings OPTIMIZER =
      new OptimizerSettings(0.01, 0.9, 0.98, 0, 0.5, 0.1, 1, 3, 2);

  @TempDir private Path folder;

  private Path examples = Path.of("");

  @BeforeEach
  void write_examples() {
    examples = folder.resolve("sft.jsonl");
    DatasetFiles.writeExamples(
        examples,
        IntStream.range(0, 5)
            .mapToObj(
                i ->
                    new SftExample(
                        AgentRole.VERIFIER,
                        "p" + i,
                        new Prompt(List.of()),
                        completion(new int[] {1, i}, 10 + i, 11),
                        1))
            .toList());
  }

  private static Completion completion(int[] prompt, int... ids) {
    return new Completion(
        "", prompt, ids, new float[ids.length], FinishReason.STOP, AdapterRef.BASE, 0);
  }

  private TrainingJob sft(String name) {
    return job(name, new SftSettings(OPTIMIZER), examples, AdapterRef.BASE);
  }

  private TrainingJob job(String name, TrainingMethod method, Path data, AdapterRef start) {
    LoraSettings lora = new LoraSettings(2, 4, false, List.of("q_proj", "down_proj"));
    return new TrainingJob(name, method, data, start, lora, 5, folder.resolve(name));
  }

  private Path work(TrainingJob job) {
    return folder.resolve(job.name() + ".training");
  }

  private static AdapterTrainer trainer(String... words) {
    return ProcessTrainerContractTest.trainer(1, List.of(), words);
  }

  private static List<TrainingStep> train(AdapterTrainer trainer, TrainingJob job) {
    List<TrainingStep> told = new ArrayList<>();
    trainer.train(List.of(job), (its, step) -> told.add(step));
    return told;
  }

  @Test
  void a_job_is_handed_over_with_ids_and_what_each_step_does() throws IOException {
    TrainingJob job = sft("job");
    assertThatThrownBy(() -> train(trainer("stops"), job)).isInstanceOf(MaltException.class);
    JsonNode file = new ObjectMapper().readTree(work(job).resolve("job.json").toFile());
    assertThat(file.get("method").asText()).isEqualTo("sft");
    assertThat(file.at("/settings/optimizer/max_gradient_norm").asDouble()).isEqualTo(1);
    assertThat(file.at("/lora/targets/1").asText()).isEqualTo("down_proj");
    assertThat(file.get("dtype").asText()).isEqualTo("float32");
    assertThat(Path.of(file.get("start").asText())).isDirectoryContaining("glob:**.safetensors");
    assertThat(file.get("steps")).hasSize(4); // of 3, 2, 3 and 2 rows
    assertThat(file.at("/steps/0/learning_rate").asDouble()).isEqualTo(0.005); // warms up in 2
    assertThat(file.at("/steps/1/learning_rate").asDouble()).isEqualTo(0.01);
    List<Integer> epoch = new ArrayList<>();
    file.at("/steps/2/rows").forEach(row -> epoch.add(row.asInt()));
    file.at("/steps/3/rows").forEach(row -> epoch.add(row.asInt()));
    assertThat(epoch).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    assertThat(work(job).resolve("rows.jsonl"))
        .content()
        .startsWith("{\"prompt_ids\":[1,0],\"completion_ids\":[10,11]}\n")
        .hasLineCount(5);
  }

  @Test
  void pairs_are_handed_over_with_the_adapter_that_is_their_reference() throws IOException {
    TrainingJob first = sft("first");
    train(trainer(), first);
    Path pairs = folder.resolve("dpo.jsonl");
    PreferencePair pair =
        new PreferencePair(
            AgentRole.VERIFIER,
            "p",
            new Prompt(List.of()),
            completion(new int[] {1}, 2, 3),
            completion(new int[] {1}, 4),
            1,
            0);
    DatasetFiles.writePairs(pairs, List.of(pair));
    TrainingJob dpo =
        job(
            "dpo",
            new DpoSettings(OptimizerSettings.of(0.1, 1, 3), 0.2, 0.5, false),
            pairs,
            new AdapterRef("first", first.output()));
    assertThatThrownBy(() -> train(trainer("stops"), dpo)).isInstanceOf(MaltException.class);
    JsonNode file = new ObjectMapper().readTree(work(dpo).resolve("job.json").toFile());
    assertThat(file.at("/settings/nll_weight").asDouble()).isEqualTo(0.5);
    assertThat(Path.of(file.get("start").asText())).isEqualTo(first.output());
    assertThat(work(dpo).resolve("rows.jsonl"))
        .hasContent("{\"prompt_ids\":[1],\"chosen_ids\":[2,3],\"rejected_ids\":[4]}");
  }

  @Test
  void a_failure_is_told_with_its_last_words_and_the_job_goes_on_from_its_checkpoint()
      throws IOException {
    TrainingJob whole = sft("whole");
    List<TrainingStep> wanted = train(trainer(), whole);
    TrainingJob job = sft("stopped");
    assertThatThrownBy(() -> train(trainer("stops"), job))
        .isInstanceOf(MaltException.class)
        .hasMessageContainingAll(
            "stopped: the trainer ended with exit code 3",
            StandInTrainer.class.getName() + " stops " + work(job).resolve("job.json"),
            "    out of luck")
        .hasMessageContaining(work(job).resolve("log.txt").toString());
    assertThat(job.output()).doesNotExist();
    List<TrainingStep> told = train(trainer("stops"), job);
    assertThat(told).isEqualTo(wanted);
    assertThat(job.output().resolve("adapter_model.safetensors"))
        .hasSameBinaryContentAs(whole.output().resolve("adapter_model.safetensors"));
    assertThat(work(job)).doesNotExist();
  }

  @Test
  void another_job_does_not_go_on_from_a_checkpoint() {
    TrainingJob job = sft("job");
    assertThatThrownBy(() -> train(trainer("stops"), job)).isInstanceOf(MaltException.class);
    TrainingJob other =
        new TrainingJob(
            job.name(), job.method(), job.data(), job.start(), job.lora(), 6, job.output());
    assertThatThrownBy(() -> train(trainer("stops"), other))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("job.training is of a training with other data", "remove it");
    assertThat(train(trainer("stops"), job)).hasSize(4);
  }

  @Test
  void an_adapter_that_is_there_is_not_trained_again() {
    TrainingJob job = sft("job");
    assertThatThrownBy(
            () ->
                trainer()
                    .train(
                        List.of(job),
                        (its, step) -> {
                          if (step.step() == 4) {
                            awaitDirectory(work(job).resolve("adapter"));
                            throw new MaltException("killed before the adapter is taken");
                          }
                        }))
        .hasMessageStartingWith("killed");
    List<TrainingStep> told =
        train(ProcessTrainerContractTest.trainer(1, List.of("/no/such/launcher")), job);
    assertThat(told).extracting(TrainingStep::step).containsExactly(1, 2, 3, 4);
    assertThat(job.output()).isNotEmptyDirectory();
  }

  private static void awaitDirectory(Path directory) {
    for (int i = 0; i < 600 && !Files.isDirectory(directory); i++) {
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(directory).isDirectory();
  }

  @Test
  void what_is_left_is_held_to_what_was_asked_for() {
    refused("other-scale", WeightsException.class, "its scale is 38.5, not 2.0");
    refused("overflows", WeightsException.class, "adapter_model.safetensors", "infinity");
    refused("cuts-off", WeightsException.class, "adapter_model.safetensors");
    refused("leaves-nothing", WeightsException.class, "adapter_config.json is missing");
    refused("diverges", TrainingDivergedException.class, "step 2 of 4: loss is NaN");
  }

  private void refused(String word, Class<? extends MaltException> type, String... sentence) {
    TrainingJob job = sft(word);
    assertThatThrownBy(() -> train(trainer(word), job))
        .isInstanceOf(type)
        .hasMessageStartingWith(word)
        .hasMessageContainingAll(sentence);
    assertThat(job.output()).doesNotExist();
  }

  @Test
  void metrics_that_leave_a_step_out_are_refused() throws IOException {
    TrainingJob job = sft("job");
    assertThatThrownBy(() -> train(trainer("stops"), job)).isInstanceOf(MaltException.class);
    Path metrics = work(job).resolve("metrics.jsonl");
    Files.write(metrics, Files.readAllLines(metrics).subList(1, 2));
    assertThatThrownBy(() -> train(trainer("stops"), job))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("metrics.jsonl:1: step is 2, after step 0");
  }

  @Test
  void a_command_that_is_none_says_so() {
    try (CausalLm model = TinyModels.random(1)) {
      LoraBase base = LoraBase.of("tiny", model.config(), model.weights(), "");
      TrainerProgram none =
          new TrainerProgram(List.of(), List.of("/no/such/program"), folder, Dtype.AUTO, 64, false);
      assertThatThrownBy(
              () -> train(new ProcessTrainer(base, TrainingData::sets, none, 1), sft("job")))
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll("cannot start the trainer /no/such/program", "training.command");
    }
  }

  /** Named, or alone in a directory: before anything is sampled or started. */
  @Test
  void a_base_that_programs_do_not_read_is_refused_with_what_to_do() throws Exception {
    Path gguf = Path.of(ProcessTrainerTest.class.getResource("/gguf/smollm2.gguf").toURI());
    Path alone = Files.createDirectory(folder.resolve("alone"));
    Files.copy(gguf, alone.resolve("model.gguf"));
    for (Path base : List.of(gguf, alone)) {
      assertThatThrownBy(
              () -> new TrainerProgram(List.of(), List.of("any"), base, Dtype.AUTO, 64, false))
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll(".gguf is a GGUF file", "malt merge --model", "float32");
    }
  }

  @Test
  void who_is_interrupted_ends_all_that_the_program_started() throws Exception {
    TrainingJob job = sft("with-child");
    Path child = work(job).resolve("child");
    Thread caller = Thread.currentThread();
    List<ProcessHandle> children = new ArrayList<>();
    assertThatThrownBy(
            () ->
                trainer("with-child")
                    .train(
                        List.of(job),
                        (its, step) -> {
                          if (children.isEmpty()) {
                            children.add(handle(child));
                            caller.interrupt();
                          }
                        }))
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(children).hasSize(1);
    assertThat(children.get(0).onExit()).succeedsWithin(Duration.ofSeconds(5));
  }

  private static ProcessHandle handle(Path file) {
    try {
      return ProcessHandle.of(Long.parseLong(Files.readString(file))).orElseThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
