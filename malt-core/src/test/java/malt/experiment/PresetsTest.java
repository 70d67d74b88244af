package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import malt.StrictYaml;
import malt.agent.AgentRole;
import malt.data.Truncated;
import malt.model.Message;
import malt.problem.Take;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresetsTest {
  @TempDir private Path folder;

  private static Path configs() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("configs/nano.yaml"))) {
      directory = directory.getParent();
    }
    return directory.resolve("configs");
  }

  static List<Path> presets() throws IOException {
    try (Stream<Path> files = Files.list(configs())) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("presets")
  void every_shipped_preset_is_read_and_read_back_the_same(Path file) throws IOException {
    ExperimentConfig preset = ExperimentConfig.read(file, List.of());
    assertThat(file).hasFileName(preset.name() + ".yaml");
    Path copy = Files.writeString(folder.resolve("copy.yaml"), StrictYaml.write(preset));
    assertThat(ExperimentConfig.read(copy, List.of())).isEqualTo(preset);
  }

  @ParameterizedTest
  @CsvSource({"single, 1", "pair, 2", "twice, 3", "loop, 3", "debate, 1"})
  void every_shipped_team_fits_the_embedded_models_preset(String team, int roles) {
    ExperimentConfig config =
        ExperimentConfig.read(
            List.of(configs().resolve("nano.yaml"), configs().resolve("teams/" + team + ".yaml")),
            List.of());
    assertThat(Plan.of(config).schedules()).hasSize(1);
    assertThat(config.roles()).hasSize(roles);
  }

  @ParameterizedTest
  @CsvSource({
    "gsm8k-llama-3.1-8b, gsm8k, gsm8k-llama-3.1-8b-instruct",
    "math-llama-3.1-8b, math, math-llama-3.1-8b-instruct",
    "csqa-llama-3.1-8b, csqa, csqa-llama-3.1-8b-instruct",
    "gsm8k-qwen2.5-1.5b-base, gsm8k, gsm8k-qwen2.5-1.5b-base",
  })
  void the_papers_runs_have_the_papers_settings(String name, String source, String paper) {
    ExperimentConfig preset = ExperimentConfig.read(configs().resolve(name + ".yaml"), List.of());
    assertThat(preset.problems().source()).isEqualTo(source);
    assertThat(preset.team().values())
        .hasSize(3)
        .allSatisfy(turn -> assertThat(turn.branching()).isEqualTo(3));
    assertThat(preset.sampling().treeTemperature()).isEqualTo(0.3);
    assertThat(preset.credit().threshold()).isEqualTo(0.5);
    assertThat(preset.sft().batchSize()).isEqualTo(8);
    assertThat(preset.dpo().beta()).isEqualTo(0.2);
    assertThat(preset.dpo().nllWeight()).isZero();
    assertThat(preset.run()).containsExactly("joint", "star");
    assertThat(preset.evaluation().votes()).isEqualTo(3);
    assertThat(preset.evaluation().paper()).isEqualTo(paper);
    assertThat(preset.team().values())
        .as("no expression reads free prose")
        .allSatisfy(turn -> assertThat(turn.flag()).isNull());
    assertThat(preset.datasets().truncated()).isEqualTo(Truncated.DROP);
    assertThat(preset.problems().devFromTrain()).isPositive();
    assertThat(preset.problems().take()).isEqualTo(Take.DRAWN);
    assertThat(preset.learners(Learning.DPO).contains(AgentRole.GENERATOR))
        .isEqualTo(name.contains("qwen"));
  }

  @ParameterizedTest
  @CsvSource({
    "gsm8k, gsm8k-qwen2.5-1.5b-base, Problem",
    "csqa, csqa-gemma-3-270m, Question",
  })
  void a_base_model_goes_on_from_worked_examples_and_ends_where_it_would_begin_another(
      String benchmark, String base, String first) {
    ExperimentConfig preset = ExperimentConfig.read(configs().resolve(base + ".yaml"), List.of());
    String beginning = "\n\n" + first + ":";
    assertThat(preset.model().layout()).isEqualTo(ExperimentConfig.PromptForm.PLAIN);
    assertThat(preset.model().stop()).containsExactly(beginning);
    ExperimentConfig words =
        ExperimentConfig.read(
            List.of(
                configs().resolve(benchmark + "-llama-3.1-8b.yaml"),
                configs().resolve("prompts/" + benchmark + "-plain.yaml")),
            List.of());
    assertThat(preset.team().get("refiner").prompt())
        .isEqualTo(words.team().get("refiner").prompt());
    prompts(words)
        .forEach(
            (role, messages) -> {
              String text = String.join("", messages.get(0).values());
              assertThat(messages).as(role).hasSize(1);
              assertThat(text).startsWith(first + ":\n").endsWith(":");
              int last = text.lastIndexOf(beginning);
              assertThat(text.substring(last)).startsWith(beginning + "\n{question}\n\n");
            });
  }

  @Test
  void what_ends_a_base_models_completion_ends_it_on_a_server_too() {
    ExperimentConfig there =
        ExperimentConfig.read(
            List.of(
                configs().resolve("gsm8k-qwen2.5-1.5b-base.yaml"),
                configs().resolve("servers/openai.yaml")),
            List.of("remote.server.api=completions", "remote.server.stop=[\"\\n\\nProblem:\"]"));
    assertThat(there.samplesThere(ExperimentConfig.RemoteStage.COLLECT)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gsm8k-llama-3.1-8b",
        "math-llama-3.1-8b",
        "csqa-llama-3.1-8b",
        "gsm8k-qwen2.5-1.5b-base",
        "nano"
      })
  void what_vllm_samples_and_trl_trains_is_the_same_experiment(String name) {
    ExperimentConfig here = ExperimentConfig.read(configs().resolve(name + ".yaml"), List.of());
    ExperimentConfig there =
        ExperimentConfig.read(configs().resolve(name + "-vllm.yaml"), List.of());
    assertThat(there.samplesThere(ExperimentConfig.RemoteStage.COLLECT)).isTrue();
    assertThat(there.samplesThere(ExperimentConfig.RemoteStage.EVALUATE)).isTrue();
    assertThat(Objects.requireNonNull(there.remote()).server().adapters())
        .as("loaded while the server runs")
        .isEmpty();
    assertThat(there.trainerCommand()).containsExactly("trainers/trl.py");
    assertThat(
            there.with(
                "name=" + name,
                "remote=null",
                "training=null",
                "machine.training_launcher=null",
                "machine.training_jobs=null",
                "model.dtype=" + StrictYaml.write(here.model().dtype()).strip()))
        .isEqualTo(here);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nano", "gsm8k-llama-3.1-8b"})
  void trl_trains_behind_every_preset(String preset) {
    ExperimentConfig config =
        ExperimentConfig.read(
            List.of(configs().resolve(preset + ".yaml"), configs().resolve("trainers/trl.yaml")),
            List.of());
    assertThat(config.trainerCommand()).containsExactly("trainers/trl.py");
    assertThat(configs().resolveSibling(config.trainerCommand().get(0))).isRegularFile();
  }

  private static Map<String, List<Map<Message.Role, String>>> prompts(ExperimentConfig config) {
    Map<String, List<Map<Message.Role, String>>> prompts = new LinkedHashMap<>();
    config.team().forEach((turn, settings) -> prompts.put(turn, settings.prompt()));
    ExperimentConfig.DebateSettings debate =
        Objects.requireNonNull(config.evaluation().debate(), config.name());
    prompts.put("first", debate.first());
    prompts.put("again", debate.again());
    return prompts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gsm8k", "math", "csqa"})
  void both_layouts_of_prompts_fit_and_a_shared_prefix_is_shared(String benchmark) {
    Path preset = configs().resolve(benchmark + "-llama-3.1-8b.yaml");
    ExperimentConfig perRole = ExperimentConfig.read(preset, List.of());
    assertThat(prompts(perRole).get("verifier").get(0))
        .isNotEqualTo(prompts(perRole).get("generator").get(0));

    Path words = configs().resolve("prompts/" + benchmark + "-shared-prefix.yaml");
    Map<String, List<Map<Message.Role, String>>> shared =
        prompts(ExperimentConfig.read(List.of(preset, words), List.of()));
    assertContinues(shared.get("verifier"), shared.get("generator"), "{generator}");
    assertContinues(shared.get("refiner"), shared.get("verifier"), "{verifier}");
    assertContinues(shared.get("again"), shared.get("first"), "{own}");
  }

  private static void assertContinues(
      List<Map<Message.Role, String>> later, List<Map<Message.Role, String>> earlier, String said) {
    assertThat(later.subList(0, earlier.size())).isEqualTo(earlier);
    assertThat(later.get(earlier.size())).isEqualTo(Map.of(Message.Role.ASSISTANT, said));
  }
}
