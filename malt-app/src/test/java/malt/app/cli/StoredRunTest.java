package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import malt.app.parquet.ParquetFiles;
import malt.problem.Grader;
import malt.problem.KeptProblems;
import malt.problem.NumberGrader;
import malt.problem.Problem;
import malt.problem.Response;
import malt.problem.RowSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be made of a run's trees and data: exports, other grades, parts of the evaluation. */
class StoredRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path runs;
  private static Path run;

  @TempDir private Path folder;

  @BeforeAll
  static void collect() {
    System.setProperty("malt.home", MaltProcess.home().toString());
    run = runs.resolve("stored");
    Outcome outcome =
        Outcome.of(
            "collect",
            "--config",
            MaltProcess.home().resolve("configs/nano.yaml").toString(),
            "--runs",
            runs.toString(),
            "--name",
            "stored",
            "--set",
            "run=[joint]",
            "--set",
            "evaluation.ablated=[joint]",
            "--set",
            "problems.train=12",
            "--set",
            "problems.dev=0",
            "--set",
            "problems.test=4");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
  }

  @AfterAll
  static void forgetHome() {
    System.clearProperty("malt.home");
  }

  private Path export(String file, String... options) {
    Path out = folder.resolve(file);
    Outcome outcome = exported(out, options);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    return out;
  }

  private static Outcome exported(Path out, String... options) {
    List<String> arguments = new ArrayList<>(List.of("export", run.toString()));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("--out", out.toString()));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  private static List<JsonNode> rows(Path file) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (RowSource.Row row : ParquetFiles.source().rows(file)) {
      rows.add(JSON.readTree(row.text()));
    }
    return rows;
  }

  @Test
  void examples_have_trls_keys_with_values_labels_and_ids() throws IOException {
    List<JsonNode> rows = rows(export("sft.jsonl", "--kind", "sft", "--role", "verifier"));
    assertThat(rows).isNotEmpty();
    for (JsonNode row : rows) {
      assertThat(row.at("/prompt/0/role").asText()).isEqualTo("user");
      assertThat(row.at("/prompt/1/role").asText()).isEqualTo("assistant");
      assertThat(row.at("/completion/0/role").asText()).isEqualTo("assistant");
      assertThat(row.get("completion")).hasSize(1);
      assertThat(row.get("value").asDouble()).isGreaterThan(0.5).isLessThanOrEqualTo(1);
      assertThat(row.get("label").asBoolean()).isTrue();
      assertThat(row.get("role").asText()).isEqualTo("verifier");
      assertThat(row.get("problem_id").asText()).startsWith("nano-train-");
      assertThat(row.get("prompt_ids")).isNotEmpty();
      assertThat(row.get("completion_ids")).isNotEmpty();
    }
  }

  @Test
  void an_export_is_trained_on_the_ids_that_were_sampled_and_says_how_each_ended()
      throws IOException {
    JsonNode row = rows(export("a/sft.jsonl", "--kind", "sft", "--role", "verifier")).get(0);
    assertThat(row.get("finish_reason").asText()).isEqualTo("stop");
    Path one = Files.writeString(folder.resolve("one.jsonl"), row + "\n");
    Path adapter = folder.resolve("adapter");
    Outcome trained =
        Outcome.of(
            "train",
            "sft",
            "--model",
            MaltProcess.home().resolve("models/nano").toString(),
            "--data",
            one.toString(),
            "--out",
            adapter.toString());
    assertThat(trained.exit()).as(trained.err()).isZero();
    JsonNode step = JSON.readTree(Files.readAllLines(adapter.resolve("metrics.jsonl")).get(0));
    assertThat(step.get("tokens").asInt()).isEqualTo(row.get("completion_ids").size());

    JsonNode pair = rows(export("b/dpo.jsonl", "--kind", "dpo", "--role", "refiner")).get(0);
    assertThat(pair.get("chosen_finish_reason").asText()).isEqualTo("stop");
    assertThat(pair.get("rejected_ids")).isNotEmpty();
    JsonNode path = rows(export("c/all.jsonl", "--kind", "trajectories")).get(0);
    assertThat(path.at("/turns/0/finish_reason").asText()).isEqualTo("stop");
  }

  @ParameterizedTest
  @CsvSource({"sft, verifier", "dpo, refiner", "trajectories, "})
  void parquet_holds_what_the_lines_hold(String kind, String role) throws IOException {
    List<String> options = new ArrayList<>(List.of("--kind", kind));
    if (role != null) {
      options.addAll(List.of("--role", role));
    }
    String[] asked = options.toArray(String[]::new);
    List<JsonNode> lines = rows(export("lines/d.jsonl", asked));
    List<JsonNode> parquet = rows(export("parquet/d.parquet", asked));
    assertThat(lines).isNotEmpty();
    assertThat(parquet).isEqualTo(lines);
    assertThat(names(parquet.get(0))).isEqualTo(names(lines.get(0)));
  }

  private static List<String> names(JsonNode row) {
    return row.properties().stream().map(Map.Entry::getKey).toList();
  }

  @Test
  void a_pairs_chosen_side_is_worth_more() throws IOException {
    assertThat(rows(export("d.jsonl", "--kind", "dpo", "--role", "refiner")))
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row.get("chosen_value").asDouble()).isEqualTo(1);
              assertThat(row.get("chosen_label").asBoolean()).isTrue();
              assertThat(row.get("rejected_value").asDouble()).isZero();
              assertThat(row.get("rejected_label").asBoolean()).isFalse();
              assertThat(row.get("chosen")).isNotEqualTo(row.get("rejected"));
            });
  }

  @Test
  void trajectories_end_right_and_stand_once() throws IOException {
    Map<String, Problem> problems =
        KeptProblems.read(run.resolve("data/train.jsonl")).stream()
            .collect(Collectors.toMap(Problem::id, Function.identity()));
    Grader grader = NumberGrader.strict();
    List<JsonNode> rows = rows(export("t.jsonl", "--kind", "trajectories"));
    assertThat(rows).isNotEmpty();
    for (JsonNode row : rows) {
      Problem problem = problems.get(row.get("problem_id").asText());
      assertThat(row.at("/prompt/0/content").asText()).isEqualTo(problem.question());
      List<String> said = new ArrayList<>();
      row.get("turns").forEach(turn -> said.add(turn.get("content").asText()));
      assertThat(said).hasSize(3);
      assertThat(row.at("/completion/0/content").asText()).isEqualTo(String.join("\n\n", said));
      assertThat(grader.grade(problem, Response.whole(said.get(2))).correct()).isTrue();
      assertThat(row.get("path")).hasSize(3);
    }
    assertThat(rows.stream().map(row -> row.get("problem_id") + " " + row.get("completion")))
        .doesNotHaveDuplicates();
  }

  @Test
  void text_is_laid_out_by_the_models_template() throws IOException {
    String[] dpo = {"--kind", "dpo", "--role", "verifier"};
    List<JsonNode> messages = rows(export("messages/d.jsonl", dpo));
    List<JsonNode> text =
        rows(export("text/d.jsonl", "--kind", "dpo", "--role", "verifier", "--text"));
    assertThat(text).hasSameSizeAs(messages);
    for (int i = 0; i < text.size(); i++) {
      String prompt = text.get(i).get("prompt").asText();
      for (JsonNode message : messages.get(i).get("prompt")) {
        assertThat(prompt).contains(message.get("content").asText());
      }
      assertThat(prompt).contains("<|user|>").endsWith("<|assistant|>");
      assertThat(text.get(i).get("chosen")).isEqualTo(messages.get(i).at("/chosen/0/content"));
    }
  }

  @Test
  void the_card_says_what_it_is_and_where_it_comes_from() throws IOException {
    Path out = export("set/verifier.parquet", "--kind", "dpo", "--role", "verifier");
    String card = Files.readString(out.resolveSibling("README.md"));
    assertThat(card)
        .startsWith("---\n")
        .contains("configs:\n  - config_name: default\n    data_files: \"verifier.parquet\"\n---\n")
        .contains(
            "stored: verifier preference pairs",
            "| chosen_value | what the completion is worth",
            "| grader | number |");
    String manifest = JSON.readTree(run.resolve("manifest.json").toFile()).get("base").asText();
    assertThat(card).contains(manifest, "| rows | " + rows(out).size() + " |");
    exported(folder.resolve("set/other.jsonl"), "--kind", "dpo", "--role", "refiner")
        .isError("README.md is there already and is not the card of other.jsonl");
    export("set/verifier.parquet", "--kind", "dpo", "--role", "verifier");
  }

  @Test
  void what_cannot_be_exported_is_said() {
    Path out = folder.resolve("x.jsonl");
    exported(out, "--kind", "dpo").isError("needs --role", "generator, verifier, refiner");
    exported(out, "--kind", "dpo", "--role", "critic").isError("found critic");
    Outcome unknown = exported(out, "--kind", "kto", "--role", "verifier");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("[SFT, DPO, TRAJECTORIES]", "was 'kto'");
    exported(out, "--kind", "trajectories", "--role", "verifier").isError("takes no --role");
    exported(out, "--kind", "dpo", "--role", "generator").isError("no generator preference pairs");
    exported(out, "--kind", "sft", "--role", "verifier", "--seed", "7").isError("--seed is one of");
    exported(out, "--kind", "sft", "--role", "verifier", "--round", "sft-first")
        .isError("--round is one of [joint], found sft-first");
    exported(out, "--kind", "sft", "--role", "verifier", "--format", "parquet")
        .isError("--format: a file of Parquet");
    assertThat(out).doesNotExist();
    assertThat(folder.resolve("README.md")).doesNotExist();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  @Test
  void another_grader_makes_another_run_and_lists_what_changed() throws IOException {
    Path same = folder.resolve("same");
    Outcome outcome =
        Outcome.of("regrade", run.toString(), "--grader", "math", "--out", same.toString());
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(rows(same.resolve("changes.jsonl"))).as("both read what is behind ####").isEmpty();
    Path other = folder.resolve("other");
    copy(run, other);
    Path kept = other.resolve("data/train.jsonl");
    Files.writeString(
        kept, Files.readString(kept).replaceAll("\"answer\":\"[^\"]*\"", "\"answer\":\"99999\""));
    Path out = folder.resolve("strict");
    outcome = Outcome.of("regrade", other.toString(), "--grader", "math", "--out", out.toString());
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    List<JsonNode> changes = rows(out.resolve("changes.jsonl"));
    assertThat(changes)
        .as("no answer is 99999")
        .isNotEmpty()
        .filteredOn(change -> change.get("kind").asText().equals("NODE"))
        .allSatisfy(change -> assertThat(change.at("/after/value").asDouble()).isZero());
    assertThat(Files.size(out.resolve("seed-1/joint/refiner/dpo.jsonl"))).isZero();
    assertThat(Files.readString(out.resolve("config.yaml"))).contains("grader: math");
    Outcome.of("regrade", run.toString(), "--grader", "maths", "--out", out + "2")
        .isErrorList("problems.grader: number, number-lenient", "found 'maths'");
  }

  @Test
  void rows_of_the_untrained_model_are_evaluated_on_other_questions() throws IOException {
    Path test =
        Files.writeString(
            folder.resolve("others.jsonl"),
            """
            {"question":"Ben has 12 pens. Ben finds 10 more. How many pens now?","answer":"#### 22"}
            {"question":"Ida has 35 pens. Ida sells 03 of them. How many pens now?","answer":"#### 32"}
            """);
    Path out = folder.resolve("out");
    String[] arguments = {
      "evaluate", run.toString(), "--rows", "SA,MA", "--test", test.toString(), "--out", out + ""
    };
    Outcome.of(arguments).isError("--benchmark is needed to read " + test);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--benchmark", "gsm8k"));
    Outcome outcome = Outcome.of(all.toArray(String[]::new));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    JsonNode evaluation = JSON.readTree(out.resolve("evaluation.json").toFile());
    assertThat(evaluation.get("questions").asInt()).isEqualTo(2);
    assertThat(evaluation.get("benchmark").asText()).isEqualTo("gsm8k (others.jsonl)");
    assertThat(names(evaluation.get("methods"))).containsExactly("SA", "MA");
    assertThat(Files.readAllLines(out.resolve("outcomes.jsonl"))).hasSize(4);
    assertThat(run.resolve("evaluation.json")).doesNotExist();
    Files.writeString(test, Files.readString(test).replace("#### 32", "#### many"));
    Outcome.of(all.toArray(String[]::new)).isErrorList("does not accept 1 of 2", "\"many\"");
  }

  @Test
  void without_a_run_the_untrained_model_of_a_preset_is_evaluated() throws IOException {
    Outcome outcome =
        Outcome.of(
            "evaluate",
            "--config",
            MaltProcess.home().resolve("configs/nano.yaml").toString(),
            "--runs",
            folder.toString(),
            "--name",
            "untrained",
            "--rows",
            "SA,SA+MV",
            "--set",
            "problems.train=2",
            "--set",
            "problems.dev=0",
            "--set",
            "problems.test=3");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    Path evaluation = folder.resolve("untrained/evaluations/test");
    assertThat(Files.readAllLines(evaluation.resolve("outcomes.jsonl"))).hasSize(6);
    assertThat(names(JSON.readTree(evaluation.resolve("evaluation.json").toFile()).get("methods")))
        .containsExactly("SA", "SA+MV");
    Outcome.of("evaluate", folder.resolve("untrained").toString(), "--rows", "MALT")
        .isError("training trees are not complete");
    Outcome both = Outcome.of("evaluate", run.toString(), "--rows", "SA", "--set", "seeds=[2]");
    assertThat(both.exit()).isEqualTo(2);
    assertThat(both.err()).contains("--set is of a preset, and RUN has its own configuration");
  }
}
