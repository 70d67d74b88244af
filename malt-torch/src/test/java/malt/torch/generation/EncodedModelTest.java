package malt.torch.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.LanguageModel;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.torch.text.ChatTemplate;
import malt.torch.text.PromptEncoder;
import malt.torch.text.Tokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Completions from elsewhere under the tokenizer of the embedded model. */
class EncodedModelTest {
  private static final Path NANO = nano();
  private static final SamplingRequest REQUEST =
      new SamplingRequest(
          new Prompt(List.of(Message.of(Message.Role.USER, "2 + 3 ?"))),
          AdapterRef.BASE,
          new SamplingParams(1, 1, 8),
          List.of(7L));

  private final Tokenizer tokenizer = Tokenizer.load(NANO);
  private final ModelCodec codec =
      new ModelCodec(
          tokenizer, new PromptEncoder(tokenizer, ChatTemplate.load(NANO)), List.of("STOP"));

  private static Path nano() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("models/nano"))) {
      directory = directory.getParent();
    }
    return directory.resolve("models/nano");
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private Completion encoded(String text, int[] ids, float[] logProbs, FinishReason finish) {
    LanguageModel elsewhere =
        requests ->
            List.of(
                List.of(
                    new Completion(text, new int[0], ids, logProbs, finish, AdapterRef.BASE, 7L)));
    return new EncodedModel(elsewhere, codec).sample(List.of(REQUEST)).get(0).get(0);
  }

  @Test
  void a_text_gets_the_ids_that_say_it_and_the_end_of_text() {
    Completion stopped = encoded("2+3=5", new int[0], new float[0], FinishReason.STOP);
    int[] said = Arrays.copyOf(stopped.ids(), stopped.ids().length - 1);
    assertThat(tokenizer.decode(said)).isEqualTo("2+3=5");
    assertThat(tokenizer.isEos(stopped.ids()[said.length])).isTrue();
    assertThat(stopped.promptIds()).isEqualTo(codec.encode(REQUEST.prompt()));
    assertThat(stopped.logProbs()).isEmpty();
  }

  @Test
  void a_text_that_was_cut_has_no_end_of_text() {
    Completion cut = encoded("2+3=", new int[0], new float[0], FinishReason.LENGTH);
    assertThat(tokenizer.decode(cut.ids())).isEqualTo("2+3=");
    assertThat(Arrays.stream(cut.ids()).noneMatch(tokenizer::isEos)).isTrue();
  }

  @Test
  void ids_that_are_complete_stay_with_their_log_probabilities() {
    int[] ids = codec.encodeAnswer("5", true);
    float[] logProbs = new float[ids.length];
    Completion kept = encoded("5", ids, logProbs, FinishReason.STOP);
    assertThat(kept.ids()).isSameAs(ids);
    assertThat(kept.logProbs()).isSameAs(logProbs);
  }

  @Test
  void ids_without_the_end_of_text_that_ended_them_get_it_and_keep_their_log_probabilities() {
    int[] ids = codec.encodeAnswer("5", false);
    float[] logProbs = new float[ids.length];
    Completion whole = encoded("5", ids, logProbs, FinishReason.STOP);
    assertThat(whole.ids()).isEqualTo(codec.encodeAnswer("5", true));
    assertThat(whole.logProbs()).isSameAs(logProbs);
  }

  @Test
  void ids_that_end_with_a_stop_text_have_their_end() {
    int[] ids = codec.encodeAnswer("5 STOP", false);
    assertThat(encoded("5 ", ids, new float[ids.length], FinishReason.STOP).ids()).isSameAs(ids);
  }

  @Test
  void a_failure_stays_as_it_is() {
    assertThat(encoded("", new int[0], new float[0], FinishReason.FAILED).promptIds()).isEmpty();
  }
}
