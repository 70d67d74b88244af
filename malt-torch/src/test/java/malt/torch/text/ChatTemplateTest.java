package malt.torch.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import malt.MalformedDataException;
import malt.model.Message;
import malt.torch.text.jinja.TemplateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
  private static final List<Message> QUESTION = List.of(Message.of(Message.Role.USER, "q"));

  @TempDir Path directory;

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  @Test
  void the_template_comes_from_the_tokenizer_config_as_a_string() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"bos_token": {"content": "<s>"}, "pad_token": null,
         "chat_template": "{{ bos_token }}{{ messages[0].role }}: {{ messages[0].content }}"}
        """);
    assertThat(ChatTemplate.load(directory).render(QUESTION, true)).isEqualTo("<s>user: q");
  }

  @Test
  void what_is_wrong_with_a_template_is_said_of_the_file_it_stands_in() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"{{ 'a }}\"}");
    assertThatThrownBy(() -> ChatTemplate.load(directory))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith(directory.resolve("tokenizer_config.json") + ": Chat template")
        .hasMessageContaining("not closed");
    write("chat_template.jinja", "{% fi %}");
    assertThatThrownBy(() -> ChatTemplate.load(directory))
        .hasMessageStartingWith(directory.resolve("chat_template.jinja") + ": Chat template");
    write("chat_template.jinja", "{{ raise_exception('No users here') }}");
    assertThatThrownBy(() -> ChatTemplate.load(directory).render(QUESTION, true))
        .isInstanceOf(TemplateException.class)
        .hasMessageStartingWith(directory.resolve("chat_template.jinja") + ": Chat template")
        .hasMessageEndingWith("No users here");
  }

  @Test
  void of_several_templates_the_default_is_taken() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "rag", "template": "r"}, {"name": "default", "template": "d"}]}
        """);
    assertThat(ChatTemplate.load(directory).render(QUESTION, true)).isEqualTo("d");
  }

  @Test
  void a_file_of_its_own_comes_before_the_config() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"config\"}");
    write("chat_template.jinja", "file\n");
    assertThat(ChatTemplate.load(directory).render(QUESTION, true)).isEqualTo("file");
  }

  @Test
  void a_missing_template_is_an_error() throws IOException {
    write("tokenizer_config.json", "{\"bos_token\": \"<s>\"}");
    assertThatThrownBy(() -> ChatTemplate.load(directory))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageContaining("no chat template");
  }

  @Test
  void the_generation_prompt_is_the_callers_choice() {
    ChatTemplate template =
        ChatTemplate.of("{{ 'yes' if add_generation_prompt else 'no' }}", Map.of());
    assertThat(template.render(QUESTION, true)).isEqualTo("yes");
    assertThat(template.render(QUESTION, false)).isEqualTo("no");
  }

  @Test
  void the_role_of_a_message_comes_before_its_content() {
    ChatTemplate template = ChatTemplate.of("{{ messages | tojson }}", Map.of());
    assertThat(template.render(QUESTION, true))
        .isEqualTo("[{\"role\": \"user\", \"content\": \"q\"}]");
  }

  @Test
  void the_date_is_fixed_unless_it_is_given() {
    ChatTemplate template = ChatTemplate.of("{{ strftime_now('%d %b %Y, %A, %-m') }}", Map.of());
    assertThat(template.render(QUESTION, true)).isEqualTo("26 Jul 2024, Friday, 7");
    assertThat(template.withDate(LocalDate.of(2026, 3, 1)).render(QUESTION, true))
        .isEqualTo("01 Mar 2026, Sunday, 3");
  }

  @Test
  void what_a_template_refuses_is_its_own_sentence() {
    ChatTemplate template = ChatTemplate.of("\n{{ raise_exception('No users here') }}", Map.of());
    assertThatThrownBy(() -> template.render(QUESTION, true))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("line 2")
        .hasMessageContaining("No users here");
  }

  @Test
  void an_unknown_date_format_is_refused() {
    ChatTemplate template = ChatTemplate.of("{{ strftime_now('%Q') }}", Map.of());
    assertThatThrownBy(() -> template.render(QUESTION, true))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("%Q");
  }
}
