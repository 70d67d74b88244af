package malt.torch.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import malt.ReferenceData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnEndTest {
  @TempDir Path directory;

  private PromptEncoder encoder(Tokenizer tokenizer) {
    return new PromptEncoder(tokenizer, ChatTemplate.load(directory));
  }

  private void write(String template, String generationConfig) throws IOException {
    SmallTokenizer.write(directory, template);
    Files.writeString(directory.resolve("generation_config.json"), generationConfig);
  }

  @Test
  void what_the_template_ends_a_turn_with_ends_a_completion_whatever_the_files_name()
      throws IOException {
    write(
        SmallTokenizer.TEMPLATE.replace("{{ eos_token }}", "\\n<|user|>"),
        "{\"eos_token_id\": 260}");
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(encoder(tokenizer).endId()).isEqualTo(SmallTokenizer.USER);
      assertThat(encoder(tokenizer).isEnd(SmallTokenizer.USER)).isTrue();
      assertThat(tokenizer.isEos(SmallTokenizer.USER)).isFalse();
      assertThat(tokenizer.isNamedEnd(SmallTokenizer.USER)).isFalse();
      assertThat(encoder(tokenizer).isEnd('a')).isFalse();
    }
  }

  @Test
  void the_tokenizers_own_end_ends_a_completion_though_generation_config_names_another()
      throws IOException {
    write(SmallTokenizer.TEMPLATE, "{\"eos_token_id\": 260}");
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.eosIds()).containsExactly(SmallTokenizer.BOS, SmallTokenizer.EOS);
      assertThat(tokenizer.isNamedEnd(SmallTokenizer.EOS)).isFalse();
      assertThat(encoder(tokenizer).endId()).isEqualTo(SmallTokenizer.EOS);
    }
  }

  @Test
  void a_template_without_an_end_leaves_it_to_the_tokenizer() throws IOException {
    write(
        SmallTokenizer.TEMPLATE.replace("{{ eos_token }}", "\\n"),
        "{\"eos_token_id\": [261, 262]}");
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(TurnEnd.of(ChatTemplate.load(directory), tokenizer)).isEmpty();
      assertThat(encoder(tokenizer).endId()).isEqualTo(SmallTokenizer.EOS);
    }
  }

  @Test
  void a_template_that_refuses_conversations_leaves_it_to_the_tokenizer() throws IOException {
    write("{{ raise_exception('no') }}", "{\"eos_token_id\": 261}");
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(TurnEnd.of(ChatTemplate.load(directory), tokenizer)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "llama3.2, <|eot_id|>, 128009",
    "qwen2.5, <|im_end|>, 151645",
    "mistral-7b-instruct-v0.2, </s>, 2",
    "phi-3-mini, <|end|>, 32007",
  })
  void real_templates_end_a_turn_with_their_own_token(String model, String token, int id) {
    Path real = ReferenceData.tokenizer(model);
    try (Tokenizer tokenizer = Tokenizer.load(real)) {
      ChatTemplate template = ChatTemplate.load(real);
      assertThat(TurnEnd.of(template, tokenizer)).contains(new TurnEnd(token, id));
      PromptEncoder encoder = new PromptEncoder(tokenizer, template);
      assertThat(encoder.endId()).isEqualTo(id);
      assertThat(encoder.isEnd(id)).isTrue();
    }
  }

  @Test
  void a_template_is_told_its_variables_and_the_day() {
    ChatTemplate template =
        ChatTemplate.of(
            "{% if enable_thinking is defined and enable_thinking is false %}no {% endif %}{{ level"
                + " }} {{ messages | length }}",
            Map.of());
    assertThat(template.renderMaps(java.util.List.of(), false)).isEqualTo(" 0");
    assertThat(
            template
                .withVariables(Map.of("enable_thinking", false, "level", 2, "messages", "x"))
                .withDate(java.time.LocalDate.of(2026, 1, 2))
                .renderMaps(java.util.List.of(), false))
        .isEqualTo("no 2 0");
    assertThat(template.printsDate()).isFalse();
    assertThat(ChatTemplate.of("{{ strftime_now('%Y') }}", Map.of()).printsDate()).isTrue();
  }
}
