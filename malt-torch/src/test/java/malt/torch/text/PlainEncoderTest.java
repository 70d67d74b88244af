package malt.torch.text;

import static malt.torch.text.SmallTokenizer.AB;
import static malt.torch.text.SmallTokenizer.ABC;
import static malt.torch.text.SmallTokenizer.EOS;
import static malt.torch.text.SmallTokenizer.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainEncoderTest {
  @TempDir Path directory;

  private int[] encode(Message... messages) throws IOException {
    SmallTokenizer.write(directory, "{{ raise_exception('no chat') }}");
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      return new PlainEncoder(tokenizer).encode(new Prompt(List.of(messages)));
    }
  }

  @Test
  void messages_are_texts_with_a_blank_line_between_them_whatever_their_roles() {
    List<Message> messages =
        List.of(
            Message.of(Message.Role.SYSTEM, "Solve."), Message.of(Message.Role.ASSISTANT, "abc"));
    assertThat(PlainEncoder.text(messages)).isEqualTo("Solve.\n\nabc");
  }

  @Test
  void sampled_ids_are_spliced_without_what_ended_them_and_names_of_tokens_are_text()
      throws IOException {
    Completion said =
        new Completion(
            "abc",
            new int[0],
            new int[] {AB, 'c', EOS},
            new float[3],
            FinishReason.STOP,
            AdapterRef.BASE,
            1);
    Message asked =
        new Message(
            Message.Role.USER,
            List.of(
                new Message.Text("abc"), new Message.Sampled(said), new Message.Text("<|eos|>")));
    assertThat(encode(asked)).containsExactly(ABC, AB, 'c', OPEN, 'e', 'o', 's', '|', '>');
  }

  @Test
  void only_the_end_of_a_text_ends_what_is_said() throws IOException {
    SmallTokenizer.write(directory, SmallTokenizer.TEMPLATE);
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      PlainEncoder encoder = new PlainEncoder(tokenizer);
      assertThat(encoder.endId()).isEqualTo(EOS);
      assertThat(encoder.isEnd(EOS)).isTrue();
      assertThat(encoder.isEnd(SmallTokenizer.ASSISTANT)).isFalse();
    }
  }
}
