package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import malt.problem.Graders;
import malt.problem.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaltTest {
  @TempDir private Path folder;

  private Outcome run(String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.add("run");
    arguments.add("--config");
    arguments.add(MaltProcess.home().resolve("configs/nano.yaml").toString());
    arguments.add("--runs");
    arguments.add(folder.resolve("runs").toString());
    arguments.addAll(List.of(options));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  private Path questions(String file, String... questions) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String question : questions) {
      lines.append("{\"question\": \"%s\", \"answer\": \"#### 4\"}%n".formatted(question));
    }
    return Files.writeString(folder.resolve(file), lines);
  }

  static Set<String> commands() {
    return Malt.commandLine().getSubcommands().keySet();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void every_command_explains_itself(String command) {
    Outcome outcome = Outcome.of(command, "--help");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.out()).contains("Usage: malt " + command);
  }

  @Test
  void help_lists_every_command_once_under_a_heading() {
    String help = Outcome.of("--help").out();
    assertThat(help).contains("Data and models:", "The embedded model:");
    assertThat(commands())
        .contains("run", "help")
        .allSatisfy(
            command ->
                assertThat(help.lines().filter(line -> line.matches("  " + command + " +\\S.*")))
                    .hasSize(1));
  }

  @Test
  void help_tells_defaults_and_the_names_that_an_option_takes() {
    assertThat(Outcome.of("serve", "--help").out()).contains("default: 127.0.0.1", "default: 8000");
    assertThat(Outcome.of("merge", "--help").out()).contains("default: bfloat16");
    assertThat(Outcome.of("grade", "--help").out())
        .contains(Graders.names())
        .contains(Layout.titles());
  }

  @Test
  void the_version_is_that_of_the_build() {
    assertThat(Outcome.of("--version").out()).matches("malt \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\s+");
    assertThat(Outcome.of("run", "--version").out()).isEqualTo(Outcome.of("--version").out());
  }

  private static Outcome preset(String command, String... files) {
    List<String> arguments = new ArrayList<>(List.of(command));
    for (String file : files) {
      arguments.addAll(
          List.of("--config", MaltProcess.home().resolve("configs").resolve(file).toString()));
    }
    return Outcome.of(arguments.toArray(String[]::new));
  }

  @Test
  void a_plan_says_what_a_run_would_do_and_does_nothing() {
    Outcome plan = preset("plan", "nano.yaml", "teams/loop.yaml");
    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(plan.out())
        .contains("team: generator, verifier, refiner, verifier-2, refiner-2", "400 training")
        .contains("round joint: trees [2, 2, 1, 2, 1, 2, 1]", "train joint/refiner/dpo from joint");
  }

  /**
   * Three answers, nine critiques, 27 refinements a question; two epochs of at most 3 x 1.6 x 9.
   */
  @Test
  void a_plan_says_what_a_run_would_take_by_stage() {
    Outcome plan =
        Outcome.of(
            "plan",
            "--config",
            MaltProcess.home().resolve("configs/nano.yaml").toString(),
            "--set",
            "run=[joint]",
            "--set",
            "seeds=[1, 2]",
            "--set",
            "evaluation.ablated=[]",
            "--set",
            "team.generator.max_tokens=64",
            "--set",
            "team.verifier.max_tokens=128",
            "--set",
            "team.refiner.max_tokens=64",
            "--fill",
            "0.25",
            "--sampling-rate",
            "1000",
            "--training-rate",
            "2000");
    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(plan.out())
        .contains("Each seed, on 400 training questions and 500 of the evaluation:")
        .containsPattern("collect joint +6 +15,600 +1\\.2\\d?M +307k ")
        .containsPattern("evaluate MA +9 +4,500 ")
        .containsPattern("2 seeds, one after the other: ");
  }

  @Test
  void a_plan_whose_files_are_not_there_says_how_to_count_without_them() {
    assertThat(preset("plan", "gsm8k-llama-3.1-8b.yaml").out())
        .contains("round joint", "--train-questions");
  }

  @Test
  void all_settings_of_a_preset_are_printed_and_read_back_the_same() throws IOException {
    Outcome all = preset("config", "math-llama-3.1-8b.yaml");
    assertThat(all.exit()).as(all.err()).isZero();
    Path file = Files.writeString(folder.resolve("all.yaml"), all.out());
    assertThat(Outcome.of("config", "--config", file.toString()).out()).isEqualTo(all.out());
    assertThat(all.out()).contains("name: math-llama-3.1-8b").doesNotContain("base:");
  }

  @Test
  void an_unknown_setting_is_one_clear_message_with_the_known_ones() {
    run("--set", "dpo.betta=1")
        .isError("dpo.betta: there is no such key", "beta, length_normalised, nll_weight");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void a_setting_of_another_type_is_one_clear_message() {
    run("--set", "problems.train=many").isError("nano.yaml", "problems.train");
  }

  @Test
  void an_unknown_option_is_an_error_of_usage() {
    assertThat(run("--nmae", "x").exit()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "report", "relabel"})
  void a_command_on_a_run_needs_one(String command) {
    assertThat(Outcome.of(command).exit()).isEqualTo(2);
    Outcome.of(command, folder.toString()).isError(folder + " is not a run directory");
  }

  @Test
  void a_preset_that_is_not_there_is_named() {
    Outcome.of("run", "--config", folder.resolve("no.yaml").toString())
        .isError(folder.resolve("no.yaml") + " does not exist");
  }

  @Test
  void a_recipe_that_is_not_there_is_named() {
    Path out = folder.resolve("out");
    Outcome.of(
            "pretrain", "--recipe", folder.resolve("no.yaml").toString(), "--out", out.toString())
        .isError(folder.resolve("no.yaml").toString());
    assertThat(out).doesNotExist();
  }

  @Test
  void training_and_test_questions_go_together() throws IOException {
    String file = questions("train.jsonl", "2 + 2?").toString();
    run("--data", file).isError("--data and --test go together");
    run("--test", file).isError("--data and --test go together");
  }

  @Test
  void a_mistake_in_the_files_does_not_take_the_runs_name() throws IOException {
    Path train = folder.resolve("my train: 1.jsonl");
    String[] options = {
      "--name",
      "2024",
      "--data",
      train.toString(),
      "--test",
      questions("test.jsonl", "a?", "b?") + ""
    };
    run(options).isError(train + " does not exist");
    questions("my train: 1.jsonl", "a?", "c?");
    run(options)
        .isErrorList("1 questions stand in two sets", "test.jsonl:1 asks the question of " + train);
    Files.writeString(train, "{\"question\": \"c?\", \"answer\": \"#### four\"}\n");
    run(options).isErrorList("\"number\" does not accept 1 of 3 reference answers", "\"four\"");
    Files.writeString(train, "not json\n");
    run(options).isError(train + ":1 is not JSON");
    questions("my train: 1.jsonl", "c?", "d?");
    String[] other = {
      "--name",
      "2024",
      "--data",
      train.toString(),
      "--test",
      options[5],
      "--set",
      "model.path=" + folder.resolve("nowhere")
    };
    run(other).isError(folder.resolve("nowhere").toString());
    assertThat(folder.resolve("runs/2024/config.yaml")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "math   | {'problem': '%s', 'solution': 'so $\\\\boxed{4}$'}",
        "csqa   | {'question': '%s', 'answerKey': 'A', 'choices': {'label': ['A'], 'text': ['x']}}",
        "custom | {'question': '%s', 'answer': 4}",
      })
  void files_of_any_layout_are_read_and_their_answers_tested(String benchmark, String row)
      throws IOException {
    String json = row.replace('\'', '"') + "\n";
    Path train = Files.writeString(folder.resolve("train.jsonl"), json.formatted("a?"));
    Path test =
        Files.writeString(
            folder.resolve("test.jsonl"), json.formatted("b?") + json.formatted("c?"));
    List<String> options =
        List.of(
            "--data",
            train.toString(),
            "--test",
            test.toString(),
            "--benchmark",
            benchmark,
            "--set",
            "model.path=" + folder.resolve("nowhere"));
    run(options.toArray(String[]::new)).isError(folder.resolve("nowhere").toString());
    List<String> strict = new ArrayList<>(options);
    strict.addAll(List.of("--set", "problems.grader=choice"));
    Outcome outcome = run(strict.toArray(String[]::new));
    if (benchmark.equals("csqa")) {
      outcome.isError(folder.resolve("nowhere").toString());
    } else {
      outcome.isErrorList("\"choice\" does not accept 3 of 3 reference answers");
    }
  }

  @Test
  void a_benchmark_that_is_none_is_named_with_those_that_are() throws IOException {
    String file = questions("train.jsonl", "2 + 2?").toString();
    run("--data", file, "--test", file, "--benchmark", "aime")
        .isError("there is no benchmark 'aime'; known: gsm8k, math, csqa, custom");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 200, 20_000, -1})
  void damaged_weights_are_one_sentence_that_names_the_file(int kept) throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));
    for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(MaltProcess.home().resolve("models/nano").resolve(file), model.resolve(file));
    }
    byte[] weights =
        Files.readAllBytes(MaltProcess.home().resolve("models/nano/model.safetensors"));
    byte[] damaged = java.util.Arrays.copyOf(weights, kept < 0 ? weights.length + kept : kept);
    Path file = Files.write(model.resolve("model.safetensors"), damaged);
    run(
            "--data",
            questions("train.jsonl", "2 + 2?").toString(),
            "--test",
            questions("test.jsonl", "1 + 3?", "3 + 1?").toString(),
            "--set",
            "model.path=" + model)
        .isError(file.toString());
  }
}
