package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How tools lay prompts out and end completions, and what the trainers on a file take. */
class TrainingToolsTest extends ToolFixture {
  @Test
  void the_token_that_ends_a_turn_ends_a_completion_though_a_file_names_another()
      throws IOException {
    Path other =
        nanoWith(
            "other",
            "generation_config.json",
            json -> json.replace("\"eos_token_id\" : 2", "\"eos_token_id\" : 0"));
    Outcome finding = Outcome.of("doctor", "--model", other.toString());
    assertThat(finding.exit()).as(finding.out()).isZero();
    assertThat(finding.out())
        .containsPattern("end of turn +<\\|eos\\|> \\(2\\)")
        .contains("warning", "do not name <|eos|> among the tokens that end a completion");
    assertThat(Outcome.of("doctor", "--model", MODEL).out()).doesNotContain("warning");
    String rows =
        file(
            "rows.jsonl",
            "{\"messages\": [%s]}".formatted(QUESTION),
            "{\"prompt\": \"<|bos|>\", \"temperature\": 0}");
    JsonNode own = answers("generate", "--model", MODEL, "--input", rows).get(0);
    JsonNode there = answers("generate", "--model", other.toString(), "--input", rows).get(0);
    assertThat(there).isEqualTo(own);
    assertThat(there.at("/completions/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void a_stop_text_ends_a_completion_and_is_not_part_of_it() throws IOException {
    String rows = file("rows.jsonl", "{\"messages\": [%s], \"seed\": 7}".formatted(QUESTION));
    JsonNode whole =
        answers("generate", "--model", MODEL, "--input", rows).get(0).at("/completions/0");
    JsonNode cut =
        answers("generate", "--model", MODEL, "--input", rows, "--stop", "never", "--stop", "####")
            .get(0)
            .at("/completions/0");
    String text = whole.get("text").asText();
    assertThat(text).contains("####");
    assertThat(cut.get("text").asText()).isEqualTo(text.substring(0, text.indexOf("####")));
    assertThat(cut.get("finish_reason").asText()).isEqualTo("stop");
    assertThat(cut.get("ids").size()).isLessThan(whole.get("ids").size());
  }

  private Outcome ppo(String row) throws IOException {
    return Outcome.of(
        "train",
        "ppo",
        "--model",
        MODEL,
        "--data",
        file("policy.jsonl", row),
        "--out",
        folder.resolve("policy").toString());
  }

  @Test
  void a_policy_is_trained_on_the_ids_that_it_sampled() throws IOException {
    String row =
        "{\"prompt\": [%s], \"completion_ids\": [9, 2], \"completion_log_probs\": [%s],"
            + " \"advantage\": 0.5}";
    ppo(row.formatted(QUESTION, "-1.5"))
        .isError("policy.jsonl:1: completion_ids has 2 entries and completion_log_probs has 1");
    Outcome trained = ppo(row.formatted(QUESTION, "-1.5, -0.25"));
    assertThat(trained.exit()).as(trained.err()).isZero();
    JsonNode step =
        JSON.readTree(Files.readAllLines(folder.resolve("policy/metrics.jsonl")).get(0));
    assertThat(step.get("tokens").asLong()).isEqualTo(2);
    assertThat(step.get("ratio").asDouble())
        .as("to another policy's log-probabilities: this one says no such thing")
        .isBetween(0.0, 0.01);
  }

  /** Tokens trained on in a step over one row. */
  private long tokensTrained(Path model, String row) throws IOException {
    Path out = folder.resolve("adapter-" + System.nanoTime());
    Outcome trained =
        Outcome.of(
            "train",
            "sft",
            "--model",
            model.toString(),
            "--data",
            file("one.jsonl", row),
            "--out",
            out.toString());
    assertThat(trained.exit()).as(trained.err()).isZero();
    return JSON.readTree(Files.readAllLines(out.resolve("metrics.jsonl")).get(0))
        .get("tokens")
        .asLong();
  }

  @Test
  void messages_are_trained_as_the_template_writes_them() throws IOException {
    String row =
        "{\"prompt\": [%s], \"completion\": [{\"role\": \"assistant\", \"content\": \"  5  \"}]%s}";
    String stopped = row.formatted(QUESTION, "");
    String content = "message['content'] + eos_token";
    Path trims =
        nanoWith(
            "trims",
            "tokenizer_config.json",
            json -> json.replace(content, "message['content'] | trim + eos_token"));
    assertThat(tokensTrained(trims, stopped)).isEqualTo(2);
    Path padded =
        nanoWith(
            "padded",
            "tokenizer_config.json",
            json -> json.replace(content, "message['content'] + '<|pad|>' + '\\\\n'"));
    assertThat(tokensTrained(padded, stopped)).isEqualTo(7);
    Path thinks =
        nanoWith(
            "thinks",
            "tokenizer_config.json",
            json ->
                json.replace(
                    content,
                    "'<think>\\\\n\\\\n</think>\\\\n\\\\n' + message['content'] + eos_token"));
    assertThat(tokensTrained(thinks, stopped)).isEqualTo(25);
    assertThat(tokensTrained(Path.of(MODEL), stopped)).isEqualTo(6);
    assertThat(
            tokensTrained(
                Path.of(MODEL), row.formatted(QUESTION, ", \"finish_reason\": \"length\"")))
        .as("without an end")
        .isEqualTo(5);
    assertThat(
            tokensTrained(
                Path.of(MODEL),
                "{\"prompt\": \"Tom\", \"completion\": \"  5  \", \"finish_reason\": \"length\"}"))
        .isEqualTo(5);
    refused(
        Outcome.of(
            "train",
            "sft",
            "--model",
            MODEL,
            "--data",
            file(
                "mixed.jsonl",
                row.formatted(QUESTION, "").replace("[%s]".formatted(QUESTION), "\"Tom\"")),
            "--out",
            folder.resolve("x").toString()),
        "mixed.jsonl:1: \"completion\" must hold a text where \"prompt\" does");
    refused(
        Outcome.of(
            "train",
            "sft",
            "--model",
            MODEL,
            "--data",
            file("system.jsonl", row.formatted(QUESTION.replace("user", "system"), "")),
            "--out",
            folder.resolve("x").toString()),
        "system.jsonl:1: ",
        "tokenizer_config.json: Chat template");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sft | --learning-rate=-1 | --learning-rate: above 0, found -1.0",
        "sft | --learning-rate=NaN | --learning-rate: above 0, found NaN",
        "sft | --learning-rate=Infinity | --learning-rate: above 0",
        "dpo | --learning-rate=0 | --learning-rate: above 0",
        "sft | --batch-size=0 | --batch-size: 1 or more, found 0",
        "sft | --epochs=0 | --epochs: 1 or more",
        "sft | --weight-decay=-1 | --weight-decay: 0 or more",
        "dpo | --weight-decay=NaN | --weight-decay: 0 or more",
        "sft | --threads=-3 | --threads: 0 or more, found -3",
        "sft | --max-gradient-norm=0 | --max-gradient-norm: above 0",
        "sft | --alpha=0 | --alpha: above 0",
        "dpo | --alpha=-2 | --alpha: above 0",
        "sft | --rank=0 | --rank: 1 or more",
        "sft | --targets=q_proj,head | --targets: one or more of q_proj",
        "sft | --warmup=2 | --warmup: in [0, 1)",
        "sft | --warmup=-1 | --warmup: in [0, 1)",
        "sft | --batch-tokens=0 | --batch-tokens: 1 or more",
        "dpo | --beta=0 | --beta: above 0",
        "dpo | --beta=-1 | --beta: above 0",
        "dpo | --beta=NaN | --beta: above 0",
        "dpo | --nll-weight=-1 | --nll-weight: 0 or more",
        "ppo | --clip-low=0 | --clip-low: above 0",
        "ppo | --clip-high=NaN | --clip-high: above 0",
        "ppo | --kl-weight=-1 | --kl-weight: 0 or more",
      })
  void an_option_of_no_sense_is_one_sentence(String trainer, String option, String sentence) {
    Outcome outcome =
        Outcome.of(
            "train", trainer, "--model", MODEL, "--data", "none.jsonl", "--out", "none", option);
    outcome.isError(sentence);
  }

  @Test
  void all_options_of_no_sense_are_named_together() {
    Outcome.of(
            "train",
            "dpo",
            "--model",
            MODEL,
            "--data",
            "none.jsonl",
            "--out",
            "none",
            "--beta=0",
            "--rank=0")
        .isErrorList("--beta: above 0", "--rank: 1 or more");
  }

  @Test
  void a_template_is_told_its_variables_and_the_date() throws IOException {
    Path dated =
        nanoWith(
            "dated",
            "tokenizer_config.json",
            json ->
                json.replace(
                    "{{ bos_token }}",
                    "{{ bos_token }}{{ strftime_now('%d %b %Y') }}{{ day }}{% if not thinking"
                        + " %}quick{% endif %}"));
    String rows = file("rows.jsonl", "{\"messages\": [%s]}".formatted(QUESTION));
    String model = dated.toString();
    assertThat(answers("render", "--model", model, "--input", rows).get(0).get("text").asText())
        .startsWith("<|bos|>26 Jul 2024quick");
    for (String tool : List.of("render", "tokenize")) {
      String text =
          answers(
                  tool,
                  "--model",
                  model,
                  "--input",
                  rows,
                  "--date",
                  "2026-01-02",
                  "--template-variable",
                  "thinking=true",
                  "--template-variable",
                  "day= 1 May")
              .get(0)
              .get("text")
              .asText();
      assertThat(text).startsWith("<|bos|>02 Jan 2026 1 May<|user|>");
    }
    JsonNode asked =
        answers(
                "generate",
                "--model",
                model,
                "--input",
                rows,
                "--date",
                "2026-01-02",
                "--max-tokens",
                "1")
            .get(0);
    JsonNode laidOut =
        answers("tokenize", "--model", model, "--input", rows, "--date", "2026-01-02").get(0);
    assertThat(asked.get("prompt_ids")).isEqualTo(laidOut.get("ids"));
    assertThat(Outcome.of("doctor", "--model", model).out()).contains("is told 2024-07-26");
  }

  @Test
  void a_model_without_a_template_is_for_texts() throws IOException {
    Path base =
        nanoWith(
            "base", "tokenizer_config.json", json -> json.replace("\"chat_template\"", "\"none\""));
    Outcome finding = Outcome.of("doctor", "--model", base.toString());
    assertThat(finding.exit()).as(finding.out()).isZero();
    assertThat(finding.out()).contains("prompts must be texts (model.layout: plain)");
    String rows = file("rows.jsonl", "{\"prompt\": \"Tom has\", \"max_tokens\": 3}");
    assertThat(answers("generate", "--model", base.toString(), "--input", rows)).hasSize(1);
  }
}
