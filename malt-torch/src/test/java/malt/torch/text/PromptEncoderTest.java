package malt.torch.text;

import static malt.torch.text.SmallTokenizer.AB;
import static malt.torch.text.SmallTokenizer.ABC;
import static malt.torch.text.SmallTokenizer.ASSISTANT;
import static malt.torch.text.SmallTokenizer.BOS;
import static malt.torch.text.SmallTokenizer.EOS;
import static malt.torch.text.SmallTokenizer.OPEN;
import static malt.torch.text.SmallTokenizer.TEMPLATE;
import static malt.torch.text.SmallTokenizer.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.torch.text.jinja.TemplateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptEncoderTest {
  @TempDir Path directory;

  private int[] encode(String template, Message... messages) throws IOException {
    SmallTokenizer.write(directory, template);
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      return new PromptEncoder(tokenizer, ChatTemplate.load(directory))
          .encode(new Prompt(List.of(messages)));
    }
  }

  private static Message.Part sampled(String text, int... ids) {
    return new Message.Sampled(
        new Completion(
            text, new int[0], ids, new float[ids.length], FinishReason.STOP, AdapterRef.BASE, 1));
  }

  private static Message user(String text) {
    return Message.of(Message.Role.USER, text);
  }

  private static Message message(Message.Role role, Message.Part... parts) {
    return new Message(role, List.of(parts));
  }

  @Test
  void a_question_is_laid_out_by_the_template() throws IOException {
    assertThat(encode(TEMPLATE, user("abc"))).containsExactly(BOS, USER, ABC, ASSISTANT);
  }

  @Test
  void special_names_of_a_user_are_text() throws IOException {
    assertThat(encode(TEMPLATE, user("<|eos|>")))
        .containsExactly(BOS, USER, OPEN, 'e', 'o', 's', '|', '>', ASSISTANT);
  }

  @Test
  void sampled_ids_are_spliced_and_the_template_ends_them() throws IOException {
    // The model wrote "abc" as two tokens, which no encoder would choose.
    assertThat(
            encode(
                TEMPLATE,
                user("x"),
                message(Message.Role.ASSISTANT, sampled("abc", AB, 'c', EOS)),
                user("y")))
        .containsExactly(BOS, USER, 'x', ASSISTANT, AB, 'c', EOS, USER, 'y', ASSISTANT);
  }

  @Test
  void special_tokens_within_what_was_sampled_are_never_spliced_into_a_prompt() throws IOException {
    Message said = message(Message.Role.USER, sampled("abc", AB, EOS, USER, 'c', ASSISTANT));
    assertThat(encode(TEMPLATE, said)).containsExactly(BOS, USER, AB, 'c', ASSISTANT);
    // an id that no token has is no text either
    assertThat(encode(TEMPLATE, message(Message.Role.USER, sampled("abc", AB, 999, 'c', EOS))))
        .containsExactly(BOS, USER, AB, 'c', ASSISTANT);
  }

  @Test
  void a_space_that_a_server_cut_off_the_text_leaves_the_ids_as_they_are() throws IOException {
    int spaceA = SmallTokenizer.SPACE_A;
    assertThat(encode(TEMPLATE, message(Message.Role.USER, sampled("abc", spaceA, 'b', 'c', EOS))))
        .containsExactly(BOS, USER, spaceA, 'b', 'c', ASSISTANT);
  }

  @Test
  void the_tokens_of_a_stop_text_are_not_spliced_either() throws IOException {
    assertThat(encode(TEMPLATE, message(Message.Role.USER, sampled("ab", AB, 'x', 'y'))))
        .containsExactly(BOS, USER, AB, ASSISTANT);
    // the stop text "b..." begins within a token, so what is left is encoded anew
    assertThat(encode(TEMPLATE, message(Message.Role.USER, sampled("xa", 'x', AB, 'y'))))
        .containsExactly(BOS, USER, 'x', 'a', ASSISTANT);
  }

  private int[] turn(String template, String answer, boolean ended) throws IOException {
    SmallTokenizer.write(directory, template);
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      return new PromptEncoder(tokenizer, ChatTemplate.load(directory))
          .encodeTurn(new Prompt(List.of(user("q"))), answer, ended);
    }
  }

  @Test
  void an_answer_is_all_that_the_template_writes_for_it() throws IOException {
    assertThat(turn(TEMPLATE, "ab", true)).containsExactly(AB, EOS);
    assertThat(turn(TEMPLATE.replace("m.content", "m.content | trim"), " ab ", true))
        .containsExactly(AB, EOS);
    assertThat(turn(TEMPLATE.replace("{{ eos_token }}", "<|user|>!"), "ab", true))
        .containsExactly(AB, USER, '!');
    String thinking =
        TEMPLATE.replace("+ m.content", "+ ('t' if m.role == 'assistant' else '') + m.content");
    assertThat(turn(thinking, "ab", true)).containsExactly('t', AB, EOS);
    assertThat(turn(TEMPLATE, "<|eos|>", true)).containsExactly(OPEN, 'e', 'o', 's', '|', '>', EOS);
  }

  @Test
  void an_answer_that_was_cut_has_no_end_of_its_turn() throws IOException {
    assertThat(turn(TEMPLATE, "ab", false)).containsExactly(AB);
  }

  @Test
  void a_prompt_that_changes_once_it_is_answered_is_refused() {
    String template = TEMPLATE.replace("%}<|assistant|>{%", "%}<|assistant|>think{%");
    assertThatThrownBy(() -> turn(template, "ab", true))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("lays out the prompt otherwise once it is answered");
  }

  @Test
  void text_beside_sampled_ids_does_not_merge_with_them() throws IOException {
    assertThat(
            encode(
                TEMPLATE,
                message(
                    Message.Role.USER,
                    new Message.Text("ab"),
                    sampled("c", 'c', EOS),
                    new Message.Text("abc"))))
        .containsExactly(BOS, USER, AB, 'c', ABC, ASSISTANT);
  }

  @Test
  void a_completion_without_ids_is_encoded_from_its_text() throws IOException {
    assertThat(
            encode(
                TEMPLATE, message(Message.Role.USER, new Message.Text("ab"), sampled("c<|eos|>"))))
        .containsExactly(BOS, USER, ABC, OPEN, 'e', 'o', 's', '|', '>', ASSISTANT);
  }

  @Test
  void text_of_the_template_and_of_the_user_merge_as_one_text() throws IOException {
    assertThat(encode("{{ 'ab' + messages[0].content }}", user("c"))).containsExactly(ABC);
  }

  @Test
  void a_template_that_trims_trims_the_ids_too() throws IOException {
    String template = TEMPLATE.replace("m.content", "m.content | trim");
    assertThat(
            encode(
                template,
                user(" x\n"),
                message(Message.Role.ASSISTANT, sampled("\nab \n", '\n', AB, ' ', '\n', EOS))))
        .containsExactly(BOS, USER, 'x', ASSISTANT, AB, EOS, ASSISTANT);
  }

  @Test
  void a_trim_that_cuts_a_token_encodes_the_rest_anew() throws IOException {
    String template = TEMPLATE.replace("m.content", "m.content | trim");
    int spaceA = SmallTokenizer.SPACE_A;
    assertThat(
            encode(
                template, message(Message.Role.ASSISTANT, sampled(" abc", spaceA, 'b', 'c', EOS))))
        .containsExactly(BOS, ASSISTANT, ABC, EOS, ASSISTANT);
  }

  @Test
  void a_template_that_drops_thoughts_keeps_the_ids_of_the_rest() throws IOException {
    String template = TEMPLATE.replace("m.content", "(m.content.split('</think>')[-1] | trim)");
    int[] ids = new int[14];
    String thought = "hm</think>\n";
    for (int i = 0; i < thought.length(); i++) {
      ids[i] = thought.charAt(i);
    }
    ids[11] = AB;
    ids[12] = 'c';
    ids[13] = EOS;
    assertThat(encode(template, message(Message.Role.ASSISTANT, sampled(thought + "abc", ids))))
        .containsExactly(BOS, ASSISTANT, AB, 'c', EOS, ASSISTANT);
  }

  @Test
  void thoughts_are_not_spliced_into_another_speakers_message() throws IOException {
    int[] ids = new int[13];
    String thought = "ab</think>";
    for (int i = 0; i < thought.length(); i++) {
      ids[i] = thought.charAt(i);
    }
    ids[10] = AB;
    ids[11] = 'c';
    ids[12] = EOS;
    Message shown =
        message(Message.Role.USER, new Message.Text("ab"), sampled(thought + "abc", ids));
    assertThat(encode(TEMPLATE, shown)).containsExactly(BOS, USER, AB, AB, 'c', ASSISTANT);
  }

  @Test
  void any_other_change_of_a_content_is_refused() throws IOException {
    String template = TEMPLATE.replace("m.content", "m.content | upper");
    assertThatThrownBy(() -> encode(template, user("x")))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("changes the content");
  }

  @Test
  void an_empty_or_blank_content_is_no_content_to_mark() throws IOException {
    assertThat(encode(TEMPLATE, user(""), user(" ")))
        .containsExactly(BOS, USER, USER, ' ', ASSISTANT);
  }
}
