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
  void aQuestionIsLaidOutByTheTemplate() throws IOException {
    assertThat(encode(TEMPLATE, user("abc"))).containsExactly(BOS, USER, ABC, ASSISTANT);
  }

  @Test
  void specialNamesOfAUserAreText() throws IOException {
    assertThat(encode(TEMPLATE, user("<|eos|>")))
        .containsExactly(BOS, USER, OPEN, 'e', 'o', 's', '|', '>', ASSISTANT);
  }

  @Test
  void sampledIdsAreSplicedAndTheTemplateEndsThem() throws IOException {
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
  void specialTokensWithinWhatWasSampledAreNeverSplicedIntoAPrompt() throws IOException {
    Message said = message(Message.Role.USER, sampled("abc", AB, EOS, USER, 'c', ASSISTANT));
    assertThat(encode(TEMPLATE, said)).containsExactly(BOS, USER, AB, 'c', ASSISTANT);
    // an id that no token has is no text either
    assertThat(encode(TEMPLATE, message(Message.Role.USER, sampled("abc", AB, 999, 'c', EOS))))
        .containsExactly(BOS, USER, AB, 'c', ASSISTANT);
  }

  @Test
  void aSpaceThatAServerCutOffTheTextLeavesTheIdsAsTheyAre() throws IOException {
    int spaceA = SmallTokenizer.SPACE_A;
    assertThat(encode(TEMPLATE, message(Message.Role.USER, sampled("abc", spaceA, 'b', 'c', EOS))))
        .containsExactly(BOS, USER, spaceA, 'b', 'c', ASSISTANT);
  }

  @Test
  void theTokensOfAStopTextAreNotSplicedEither() throws IOException {
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
  void anAnswerIsAllThatTheTemplateWritesForIt() throws IOException {
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
  void anAnswerThatWasCutHasNoEndOfItsTurn() throws IOException {
    assertThat(turn(TEMPLATE, "ab", false)).containsExactly(AB);
  }

  @Test
  void aPromptThatChangesOnceItIsAnsweredIsRefused() {
    String template = TEMPLATE.replace("%}<|assistant|>{%", "%}<|assistant|>think{%");
    assertThatThrownBy(() -> turn(template, "ab", true))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("lays out the prompt otherwise once it is answered");
  }

  @Test
  void textBesideSampledIdsDoesNotMergeWithThem() throws IOException {
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
  void aCompletionWithoutIdsIsEncodedFromItsText() throws IOException {
    assertThat(
            encode(
                TEMPLATE, message(Message.Role.USER, new Message.Text("ab"), sampled("c<|eos|>"))))
        .containsExactly(BOS, USER, ABC, OPEN, 'e', 'o', 's', '|', '>', ASSISTANT);
  }

  @Test
  void textOfTheTemplateAndOfTheUserMergeAsOneText() throws IOException {
    assertThat(encode("{{ 'ab' + messages[0].content }}", user("c"))).containsExactly(ABC);
  }

  @Test
  void aTemplateThatTrimsTrimsTheIdsToo() throws IOException {
    String template = TEMPLATE.replace("m.content", "m.content | trim");
    assertThat(
            encode(
                template,
                user(" x\n"),
                message(Message.Role.ASSISTANT, sampled("\nab \n", '\n', AB, ' ', '\n', EOS))))
        .containsExactly(BOS, USER, 'x', ASSISTANT, AB, EOS, ASSISTANT);
  }

  @Test
  void aTrimThatCutsATokenEncodesTheRestAnew() throws IOException {
    String template = TEMPLATE.replace("m.content", "m.content | trim");
    int spaceA = SmallTokenizer.SPACE_A;
    assertThat(
            encode(
                template, message(Message.Role.ASSISTANT, sampled(" abc", spaceA, 'b', 'c', EOS))))
        .containsExactly(BOS, ASSISTANT, ABC, EOS, ASSISTANT);
  }

  @Test
  void aTemplateThatDropsThoughtsKeepsTheIdsOfTheRest() throws IOException {
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
  void thoughtsAreNotSplicedIntoAnotherSpeakersMessage() throws IOException {
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
  void anyOtherChangeOfAContentIsRefused() throws IOException {
    String template = TEMPLATE.replace("m.content", "m.content | upper");
    assertThatThrownBy(() -> encode(template, user("x")))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("changes the content");
  }

  @Test
  void anEmptyOrBlankContentIsNoContentToMark() throws IOException {
    assertThat(encode(TEMPLATE, user(""), user(" ")))
        .containsExactly(BOS, USER, USER, ' ', ASSISTANT);
  }
}
