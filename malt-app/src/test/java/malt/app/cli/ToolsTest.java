package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The tools on a model directory, called as a user calls them, on the embedded model. */
class ToolsTest extends ToolFixture {
  @Test
  void what_is_rendered_is_what_is_tokenized_and_what_the_model_is_given() throws IOException {
    String rows = file("rows.jsonl", "{\"messages\": [%s]}".formatted(QUESTION));
    JsonNode rendered = answers("render", "--model", MODEL, "--input", rows).get(0);
    JsonNode tokenized = answers("tokenize", "--model", MODEL, "--input", rows).get(0);
    JsonNode generated =
        answers("generate", "--model", MODEL, "--input", rows, "--max-tokens", "2").get(0);
    assertThat(tokenized.get("text")).isEqualTo(rendered.get("text"));
    assertThat(generated.get("prompt_ids")).isEqualTo(tokenized.get("ids"));
    assertThat(rendered.get("text").asText())
        .startsWith("<|bos|>")
        .doesNotContain("<|bos|><|bos|>");
  }

  @Test
  void a_special_name_is_text_in_a_question_and_where_a_text_is_plain() throws IOException {
    String rows = file("rows.jsonl", "{\"text\": \"a<|bos|>b\"}");
    JsonNode plain = answers("tokenize", "--model", MODEL, "--input", rows, "--plain").get(0);
    assertThat(plain.get("ids")).hasSizeGreaterThan(3);
    for (JsonNode id : plain.get("ids")) {
      assertThat(id.asInt()).isGreaterThan(8); // the special ids come first
    }
    JsonNode special = answers("tokenize", "--model", MODEL, "--input", rows).get(0);
    assertThat(special.get("ids")).hasSize(3);
    String asked =
        file("asked.jsonl", "{\"messages\": [{\"role\": \"user\", \"content\": \"a<|bos|>b\"}]}");
    JsonNode ids = answers("tokenize", "--model", MODEL, "--input", asked).get(0).get("ids");
    long begins =
        StreamSupport.stream(ids.spliterator(), false).filter(id -> id.asInt() == 1).count();
    assertThat(begins).isEqualTo(1);
  }

  @Test
  void log_probabilities_of_a_completion_are_those_it_was_sampled_with() throws IOException {
    String rows = file("rows.jsonl", "{\"messages\": [%s], \"seed\": 7}".formatted(QUESTION));
    JsonNode generated = answers("generate", "--model", MODEL, "--input", rows, "--n", "3").get(0);
    assertThat(generated.get("completions")).hasSize(3);
    for (JsonNode completion : generated.get("completions")) {
      assertThat(completion.get("finish_reason").asText()).isEqualTo("stop");
      String scored =
          file(
              "scored.jsonl",
              "{\"prompt_ids\": %s, \"completion_ids\": %s}"
                  .formatted(generated.get("prompt_ids"), completion.get("ids")));
      JsonNode logProbs = answers("logprobs", "--model", MODEL, "--input", scored).get(0);
      assertThat(logProbs.get("ids")).isEqualTo(completion.get("ids"));
      double sum = 0;
      for (int i = 0; i < completion.get("ids").size(); i++) {
        double sampled = completion.get("logprobs").get(i).asDouble();
        assertThat(logProbs.get("logprobs").get(i).asDouble())
            .isCloseTo(sampled, Offset.offset(1e-3));
        sum += sampled;
      }
      assertThat(logProbs.get("sum").asDouble()).isCloseTo(sum, Offset.offset(1e-2));
    }
  }

  @Test
  void a_seed_decides_what_is_generated_and_the_rows_around_it_do_not() throws IOException {
    String row = "{\"messages\": [%s], \"seed\": 3}".formatted(QUESTION);
    String alone = file("alone.jsonl", row);
    String among = file("among.jsonl", "{\"prompt\": \"1 + 1\", \"n\": 2}", row, row);
    JsonNode first = answers("generate", "--model", MODEL, "--input", alone).get(0);
    List<JsonNode> all = answers("generate", "--model", MODEL, "--input", among);
    assertThat(all).hasSize(3);
    assertThat(all.get(0).get("completions")).hasSize(2);
    assertThat(all.get(1).at("/completions/0/ids")).isEqualTo(first.at("/completions/0/ids"));
    assertThat(all.get(2).at("/completions/0/ids")).isEqualTo(first.at("/completions/0/ids"));
  }

  @Test
  void an_adapter_trained_on_a_file_moves_what_it_was_trained_on_and_is_merged_into_the_model()
      throws IOException {
    String sft =
        file(
            "sft.jsonl",
            "{\"prompt\": [%s], \"completion\": [{\"role\": \"assistant\", \"content\": \"64.\"}]}"
                .formatted(QUESTION),
            "{\"prompt\": \"Tom\", \"completion\": \" has 23\"}");
    String adapter = folder.resolve("sft").toString();
    Outcome trained =
        Outcome.of(
            "train",
            "sft",
            "--model",
            MODEL,
            "--data",
            sft,
            "--out",
            adapter,
            "--epochs",
            "6",
            "--learning-rate",
            "0.003",
            "--batch-size",
            "2");
    assertThat(trained.exit()).as(trained.err()).isZero();
    List<String> metrics = Files.readAllLines(folder.resolve("sft/metrics.jsonl"));
    assertThat(metrics).hasSize(6);
    double first = JSON.readTree(metrics.get(0)).get("loss").asDouble();
    assertThat(JSON.readTree(metrics.get(5)).get("loss").asDouble()).isLessThan(first / 2);

    String dpo =
        file(
            "dpo.jsonl",
            "{\"prompt\": [%s], \"chosen\": \"64.\", \"rejected\": \"65.\"}".formatted(QUESTION));
    String policy = folder.resolve("dpo").toString();
    Outcome preferred =
        Outcome.of(
            "train",
            "dpo",
            "--model",
            MODEL,
            "--data",
            dpo,
            "--out",
            policy,
            "--epochs",
            "3",
            "--reference-adapter",
            adapter,
            "--recompute-activations");
    assertThat(preferred.exit()).as(preferred.err()).isZero();
    JsonNode step = JSON.readTree(Files.readAllLines(folder.resolve("dpo/metrics.jsonl")).get(0));
    assertThat(step.get("loss").asDouble()).isCloseTo(Math.log(2), Offset.offset(1e-5));

    String merged = folder.resolve("merged").toString();
    Outcome outcome =
        Outcome.of(
            "merge", "--model", MODEL, "--adapter", policy, "--out", merged, "--dtype", "float32");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("largest logit difference");
    String rows = file("rows.jsonl", "{\"messages\": [%s]}".formatted(QUESTION));
    assertThat(greedy(rows, "--model", merged))
        .isEqualTo(greedy(rows, "--model", MODEL, "--adapter", policy));
  }

  private JsonNode greedy(String rows, String... model) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("generate"));
    arguments.addAll(List.of(model));
    arguments.addAll(List.of("--input", rows, "--temperature", "0"));
    return answers(arguments.toArray(String[]::new)).get(0).at("/completions/0/ids");
  }

  @Test
  void a_random_model_of_any_family_is_examined_and_speaks() throws IOException {
    String config =
        file(
            "config.json",
            "{\"architectures\": [\"Qwen3ForCausalLM\"], \"vocab_size\": 335, \"hidden_size\": 32,",
            "\"intermediate_size\": 48, \"num_hidden_layers\": 2, \"num_attention_heads\": 4,",
            "\"num_key_value_heads\": 2, \"head_dim\": 16, \"max_position_embeddings\": 64,",
            "\"rms_norm_eps\": 1e-6, \"rope_theta\": 10000, \"tie_word_embeddings\": true}");
    String out = folder.resolve("random").toString();
    Outcome made =
        Outcome.of("random-model", "--config", config, "--tokenizer", MODEL, "--out", out);
    assertThat(made.exit()).as(made.err()).isZero();
    Outcome finding = Outcome.of("doctor", "--model", out);
    assertThat(finding.exit()).as(finding.out()).isZero();
    assertThat(finding.out())
        .contains("Qwen3ForCausalLM", "bfloat16", "can be used", "devices        cpu");
    String rows = file("rows.jsonl", "{\"prompt\": \"Tom\", \"n\": 2, \"max_tokens\": 5}");
    JsonNode answer =
        answers("generate", "--model", out, "--dtype", "bfloat16", "--input", rows).get(0);
    assertThat(answer.get("completions")).hasSize(2);
    refused(Outcome.of("random-model", "--config", config, "--out", out), "random is not empty");
  }

  @Test
  void a_device_that_is_not_there_or_none_is_refused_and_those_that_are_there_are_named()
      throws IOException {
    String rows = file("rows.jsonl", "{\"prompt\": \"Tom\"}");
    refused(
        Outcome.of("generate", "--model", MODEL, "--device", "cuda:99", "--input", rows),
        "no such device: cuda:99; there is cpu");
    refused(
        Outcome.of("generate", "--model", MODEL, "--device", "gpu", "--input", rows),
        "'gpu' names no device: cpu, cuda:0");
  }

  @Test
  void the_doctor_names_what_is_wrong() throws IOException {
    file(
        "config.json",
        "{\"architectures\": [\"GemmaForCausalLM\"], \"vocab_size\": 10, \"hidden_size\": 8}");
    Outcome outcome = Outcome.of("doctor", "--model", folder.toString());
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("architecture GemmaForCausalLM is not supported; supported: LlamaForCausalLM")
        .contains("model.safetensors.index.json")
        .contains("There is no tokenizer.json")
        .contains("cannot be used");
  }

  @Test
  void a_row_that_is_not_one_is_named_by_file_and_line() throws IOException {
    String rows = file("rows.jsonl", "{\"prompt\": \"a\"}", "", "{\"prompt\": 5}");
    refused(
        Outcome.of("generate", "--model", MODEL, "--input", rows),
        "rows.jsonl:3: \"prompt\" must hold a text");
    refused(
        Outcome.of("generate", "--model", MODEL, "--input", file("r.jsonl", "{\"prompt\": ")),
        "r.jsonl:1 is not JSON");
    refused(
        Outcome.of(
            "logprobs",
            "--model",
            MODEL,
            "--input",
            file("i.jsonl", "{\"prompt_ids\": [1], \"completion_ids\": [335]}")),
        "i.jsonl:1: \"completion_ids\" must hold token ids from 0 to 334");
    refused(
        Outcome.of("render", "--model", folder.resolve("none").toString(), "--input", rows),
        "none");
  }

  private Outcome train(String kind, String... rows) throws IOException {
    return Outcome.of(
        "train",
        kind,
        "--model",
        MODEL,
        "--data",
        file("data.jsonl", rows),
        "--out",
        folder.resolve("adapter").toString());
  }

  @Test
  void a_training_row_that_cannot_be_used_is_named_with_what_it_lacks() throws IOException {
    String good = "{\"prompt\": \"Tom\", \"completion\": \" has 23\"}";
    refused(
        train("sft", good, good, "{\"prompt\": \"Tom\", \"answer\": 3}"),
        "data.jsonl:3: \"completion\" is missing; the row has \"prompt\", \"answer\"");
    refused(
        train("sft", "{\"instruction\": \"a\", \"input\": \"\", \"output\": \"b\"}"),
        "data.jsonl:1: \"prompt\" is missing; the row has \"instruction\", \"input\", \"output\"");
    refused(
        train("sft", "{\"conversations\": [{\"from\": \"human\", \"value\": \"a\"}]}"),
        "data.jsonl:1: \"prompt\" is missing; the row has \"conversations\"");
    String conversation =
        "[%s, {\"role\": \"assistant\", \"content\": \"64\"}]".formatted(QUESTION);
    refused(
        train("dpo", "{\"chosen\": %s, \"rejected\": %s}".formatted(conversation, conversation)),
        "data.jsonl:1: \"prompt\" is missing; the row has \"chosen\", \"rejected\"");
    refused(
        train("sft", good, "{\"prompt\": 5, \"completion\": \"b\"}"),
        "data.jsonl:2: \"prompt\" must hold a text or a list of messages, and is a number");
    refused(
        train("sft", good, "{\"prompt\": \"a\", \"completion\": {\"text\": \"b\"}}"),
        "data.jsonl:2: \"completion\" must hold a text or a list of messages, and is an object");
    refused(
        train(
            "sft",
            good,
            "",
            "{\"prompt\": [{\"role\": \"system\", \"content\": \"s\"}, %s], \"completion\": \"4\"}"
                .formatted(QUESTION)),
        "data.jsonl:3: ",
        "tokenizer_config.json: Chat template, line 1",
        "Only the roles user and assistant");
    assertThat(folder.resolve("adapter")).doesNotExist();
  }

  @Test
  void every_tool_names_the_row_that_the_template_refuses() throws IOException {
    String system = "{\"role\": \"system\", \"content\": \"s\"}";
    String rows =
        file(
            "rows.jsonl",
            "{\"messages\": [%s], \"completion\": \"4\"}".formatted(QUESTION),
            "{\"messages\": [%s, %s], \"completion\": \"4\"}".formatted(system, QUESTION));
    for (String tool : List.of("render", "tokenize", "logprobs", "generate")) {
      refused(
          Outcome.of(tool, "--model", MODEL, "--input", rows),
          "rows.jsonl:2: ",
          "tokenizer_config.json: Chat template, line 1",
          "Only the roles user and assistant");
    }
  }

  @Test
  void rows_may_begin_with_a_byte_order_mark_and_may_not_be_one_value_over_many_lines()
      throws IOException {
    String row = "{\"messages\": [%s]}".formatted(QUESTION);
    assertThat(answers("render", "--model", MODEL, "--input", file("rows.jsonl", "\uFEFF" + row)))
        .isEqualTo(answers("render", "--model", MODEL, "--input", file("rows.jsonl", row)));
    Outcome marked = train("sft", "\uFEFF{\"prompt\": \"Tom\", \"completion\": \" has 23\"}");
    assertThat(marked.exit()).as(marked.err()).isZero();
    refused(
        train("sft", "[", "  {\"prompt\": \"Tom\", \"completion\": \"x\"}", "]"),
        "data.jsonl:1 is not JSON by itself",
        "JSON lines are wanted, one object on each line");
    refused(
        train("sft", "[{\"prompt\": \"Tom\", \"completion\": \"x\"}]"),
        "data.jsonl:1 is not a JSON object but a list");
  }
}
