package malt.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import malt.app.cli.ServedProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code malt serve} in a process of its own, spoken to by com.openai:openai-java. */
class ServedByTheOfficialClientTest {
  private static final String QUESTION = "What is 25 + 17 ?";

  @TempDir private static Path folder;
  private static ServedProcess server;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    server = ServedProcess.start(folder);
    client = client(Duration.ofSeconds(60));
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static OpenAIClient client(Duration timeout) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(server.url())
        .apiKey("none needed")
        .timeout(timeout)
        .maxRetries(0)
        .build();
  }

  private static ChatCompletionCreateParams.Builder ask(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage(QUESTION).seed(7);
  }

  private static ChatCompletion answer(ChatCompletionCreateParams.Builder ask) {
    return client.chat().completions().create(ask.build());
  }

  private static String text(ChatCompletion.Choice choice) {
    return choice.message().content().orElseThrow();
  }

  @Test
  void the_models_are_the_team_its_roles_and_the_base() {
    List<Model> models = client.models().list().data();
    assertThat(models)
        .extracting(Model::id)
        .containsExactly("team", "generator", "verifier", "refiner", "base");
    assertThat(client.models().retrieve("base")._additionalProperties()).containsKey("malt");
  }

  @Test
  void an_answer_has_text_reason_and_counts() {
    ChatCompletion answer = answer(ask("generator").maxTokens(40));
    assertThat(answer.choices()).hasSize(1);
    assertThat(text(answer.choices().get(0))).isNotEmpty();
    assertThat(answer.usage().orElseThrow().promptTokens()).isPositive();
    assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 40L);
  }

  @Test
  void a_seed_gives_the_same_answer_again() {
    assertThat(text(answer(ask("base").temperature(1)).choices().get(0)))
        .isEqualTo(text(answer(ask("base").temperature(1)).choices().get(0)));
  }

  @Test
  void n_choices_are_drawn_on_their_own_and_share_the_prompt() {
    ChatCompletion one = answer(ask("base").temperature(1));
    ChatCompletion many = answer(ask("base").temperature(1).n(8));
    assertThat(many.choices()).hasSize(8);
    assertThat(many.choices().stream().map(choice -> text(choice)).distinct().count())
        .isGreaterThan(1);
    assertThat(text(many.choices().get(0))).isEqualTo(text(one.choices().get(0)));
    assertThat(many.usage().orElseThrow().promptTokens())
        .isEqualTo(one.usage().orElseThrow().promptTokens());
  }

  @Test
  void log_probabilities_come_one_a_token() {
    ChatCompletion answer = answer(ask("base").logprobs(true));
    List<com.openai.models.chat.completions.ChatCompletionTokenLogprob> tokens =
        answer.choices().get(0).logprobs().orElseThrow().content().orElseThrow();
    assertThat(tokens).hasSize((int) answer.usage().orElseThrow().completionTokens());
    assertThat(tokens).allMatch(token -> token.logprob() <= 0);
    assertThat(tokens.stream().map(token -> token.token()).collect(Collectors.joining()))
        .isEqualTo(text(answer.choices().get(0)));
  }

  @Test
  void a_stream_says_what_the_whole_answer_says() {
    String whole = text(answer(ask("team").temperature(1)).choices().get(0));
    StringBuilder said = new StringBuilder();
    long[] counted = {0};
    int[] pieces = {0};
    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(
                ask("team")
                    .temperature(1)
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .build())) {
      stream.stream()
          .forEach(
              chunk -> {
                pieces[0]++;
                chunk.usage().ifPresent(usage -> counted[0] = usage.completionTokens());
                chunk.choices().forEach(c -> c.delta().content().ifPresent(said::append));
              });
    }
    assertThat(said.toString()).isEqualTo(whole);
    assertThat(pieces[0]).isGreaterThan(3);
    assertThat(counted[0]).isPositive();
  }

  @Test
  void a_team_votes_and_shows_its_turns_when_asked() {
    ChatCompletion answer =
        answer(
            ask("team")
                .putAdditionalBodyProperty("n_votes", JsonValue.from(3))
                .putAdditionalBodyProperty("return_roles", JsonValue.from(true)));
    String malt = answer.choices().get(0)._additionalProperties().get("malt").toString();
    assertThat(malt).contains("generator", "verifier", "refiner", "votes", "winner");
    ChatCompletion alone = answer(ask("generator"));
    assertThat(answer.usage().orElseThrow().promptTokens())
        .isGreaterThan(9 * alone.usage().orElseThrow().promptTokens());
  }

  @Test
  void a_stop_text_ends_the_answer_before_it() {
    String whole = text(answer(ask("base").temperature(0)).choices().get(0));
    String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 2);
    ChatCompletion cut = answer(ask("base").temperature(0).stop(stop));
    assertThat(text(cut.choices().get(0)))
        .isEqualTo(whole.substring(0, whole.indexOf(stop)))
        .doesNotContain(stop);
    assertThat(cut.choices().get(0).finishReason().asString()).isEqualTo("stop");
  }

  @Test
  void plain_completions_go_on_from_a_text() {
    Completion completion =
        client
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model("base")
                    .prompt(QUESTION)
                    .maxTokens(5)
                    .logprobs(0)
                    .build());
    assertThat(completion.choices().get(0).logprobs().orElseThrow().tokenLogprobs().orElseThrow())
        .hasSizeBetween(1, 5);
  }

  @Test
  void what_is_wrong_is_told_in_the_shape_that_the_client_knows() {
    assertThatThrownBy(() -> answer(ask("nobody")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("team, generator, verifier, refiner, base");
    assertThatThrownBy(() -> answer(ask("base").maxTokens(99_999)))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("max_tokens");
    assertThatThrownBy(
            () ->
                answer(
                    ChatCompletionCreateParams.builder()
                        .model("base")
                        .addUserMessage("7 ".repeat(2000))))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("maximum context length is 512 tokens");
    assertThatThrownBy(() -> answer(ask("base").presencePenalty(1.5)))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("presence_penalty");
    assertThatThrownBy(() -> answer(ask("team").addSystemMessage("Be brief.")))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("one question");
  }

  @Test
  void a_client_that_gives_up_leaves_the_server_to_others() {
    OpenAIClient hasty = client(Duration.ofMillis(1));
    for (int i = 0; i < 5; i++) {
      ChatCompletionCreateParams.Builder much =
          ask("team").n(16).putAdditionalBodyProperty("n_votes", JsonValue.from(8));
      assertThatThrownBy(() -> hasty.chat().completions().create(much.build()))
          .isInstanceOf(OpenAIIoException.class);
    }
    hasty.close();
    assertThat(answer(ask("base")).choices()).hasSize(1);
  }
}
