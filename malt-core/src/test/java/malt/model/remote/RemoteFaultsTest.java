package malt.model.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import malt.ModelException;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.model.Message;
import malt.model.Prompt;
import malt.model.SamplingParams;
import malt.model.SamplingRequest;
import malt.model.remote.FakeServer.BreaksOff;
import malt.model.remote.FakeServer.Response;
import malt.model.remote.FakeServer.Says;
import malt.model.remote.FakeServer.StaysSilent;
import malt.model.remote.ScriptedApi.Dialect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One time-out is a second and patience two, so that each test ends soon. */
class RemoteFaultsTest {
  private static final String HALF = "{\"choices\": [{\"index\": 0, \"message\": {\"role\": \"ass";

  private FakeServer server;
  private RemoteLanguageModel model;

  @BeforeEach
  void open() {
    server = new FakeServer(ScriptedApi.of(Dialect.VLLM));
    model = Remotes.open(server, 1);
  }

  @AfterEach
  void close() {
    model.close();
    server.close();
  }

  private static SamplingRequest request(Long... seeds) {
    return new SamplingRequest(
        new Prompt(List.of(Message.of(Message.Role.USER, "2 + 3 ?"))),
        AdapterRef.BASE,
        new SamplingParams(1, 1, 24),
        Arrays.asList(seeds));
  }

  private List<Completion> sample(Long... seeds) {
    return model.sample(List.of(request(seeds))).get(0);
  }

  static Stream<Response> passing() {
    return Stream.of(
        FakeServer.says(200, HALF),
        FakeServer.says(200, ""),
        FakeServer.says(200, "{\"error\": {\"code\": 503, \"message\": \"loading the model\"}}"),
        FakeServer.says(408, "{}"),
        FakeServer.says(429, "{\"error\": {\"message\": \"too many\"}}"),
        new Says(
            429,
            Map.of("Retry-After", "0"),
            "{\"error\": {\"code\": \"insufficient_quota\"}}"), // by the minute
        FakeServer.says(200, unfinished("abort")),
        FakeServer.says(200, unfinished("error")),
        FakeServer.says(200, unfinished("insufficient_system_resource")),
        FakeServer.says(500, "<html>oops</html>"),
        FakeServer.says(502, ""),
        FakeServer.says(503, "{\"error\": {\"code\": 503, \"message\": \"Loading model\"}}"),
        new BreaksOff("{\"choices\": [{\"index\": 0}]}"),
        new StaysSilent());
  }

  private static String unfinished(String reason) {
    return """
    {"choices": [{"index": 0, "message": {"role": "assistant", "content": "it"},
      "finish_reason": "%s"}]}\
    """
        .formatted(reason);
  }

  @ParameterizedTest
  @MethodSource("passing")
  void trouble_that_passes_is_waited_out(Response trouble) {
    server.next(trouble);
    assertThat(sample(3L)).extracting(Completion::finish).containsExactly(FinishReason.STOP);
  }

  @Test
  void a_server_that_asks_for_a_pause_gets_it() {
    Response busy = new Says(429, Map.of("Retry-After", "1"), "{}");
    server.next(busy);
    long start = System.nanoTime();
    sample(3L);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void a_pause_beyond_patience_is_not_waited_for() {
    server.next(new Says(429, Map.of("Retry-After", "3600"), "{\"message\": \"come back later\"}"));
    long start = System.nanoTime();
    assertThatThrownBy(() -> sample(3L))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("come back later")
        .matches(e -> ((ModelException) e).retriable());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void trouble_with_one_request_that_does_not_pass_is_a_failed_completion() {
    FakeServer.Answers healthy = ScriptedApi.of(Dialect.VLLM);
    try (FakeServer sick =
            new FakeServer(
                request ->
                    request.body().toString().contains("poison")
                        ? FakeServer.says(200, HALF)
                        : healthy.to(request));
        RemoteLanguageModel remote = Remotes.open(sick, 1)) {
      SamplingRequest poison =
          new SamplingRequest(
              new Prompt(List.of(Message.of(Message.Role.USER, "poison"))),
              AdapterRef.BASE,
              new SamplingParams(1, 1, 24),
              List.of(9L));
      List<List<Completion>> answers = remote.sample(List.of(request(1L), poison));
      assertThat(answers.get(0).get(0).finish()).isEqualTo(FinishReason.STOP);
      assertThat(answers.get(1).get(0).finish()).isEqualTo(FinishReason.FAILED);
      assertThat(answers.get(1).get(0).seed()).isEqualTo(9L);
    }
  }

  @Test
  void trouble_with_every_request_stops_the_work_and_says_that_it_can_go_on_later() {
    server.next(
        Stream.generate(() -> FakeServer.says(500, "{}")).limit(99).toArray(Response[]::new));
    assertThatThrownBy(() -> sample(1L, 2L))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("answered 500")
        .matches(e -> ((ModelException) e).retriable());
  }

  /**
   * The first as recorded from vLLM 0.16, whose engine the seed had killed; then nobody listens.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | EngineCore encountered an issue. See stack trace (above) for the root cause.",
        "500 | the engine is dead",
        "200 | EngineDeadError: engine core died",
      })
  void an_engine_that_died_is_not_taken_for_a_busy_one(int status, String said) {
    server.next(
        FakeServer.says(
            status, "{\"error\": {\"message\": \"%s\", \"code\": 500}}".formatted(said)));
    int before = server.requests().size();
    assertThatThrownBy(() -> sample(1L))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(said)
        .hasMessageContaining("its engine has died")
        .hasMessageContaining("set remote.server.seed: false")
        .matches(e -> ((ModelException) e).retriable());
    assertThat(server.requests()).hasSize(before + 1);
  }

  @Test
  void a_server_that_is_gone_stops_the_work() {
    server.close();
    assertThatThrownBy(() -> sample(1L))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("cannot be reached")
        .matches(e -> ((ModelException) e).retriable());
  }

  @Test
  void a_wrong_key_and_an_unknown_model_stop_the_work_at_once() {
    for (int status : new int[] {401, 403, 404}) {
      server.next(
          FakeServer.says(
              status, "{\"object\": \"error\", \"message\": \"not for you\", \"code\": 0}"));
      int before = server.requests().size();
      assertThatThrownBy(() -> sample(1L))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("answered " + status + ": not for you")
          .matches(e -> !((ModelException) e).retriable());
      assertThat(server.requests()).hasSize(before + 1);
    }
  }

  /** As llama.cpp's server (commit 0c1e570) and that of llama-cpp-python 0.3.36 say it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"error":{"code":400,"message":"request (1203 tokens) exceeds the available context size \
        (512 tokens), try increasing it","type":"exceed_context_size_error",\
        "n_prompt_tokens":1203,"n_ctx":512}}\
        """,
        """
        {"error":{"message":"This model's maximum context length is 512 tokens. However, you \
        requested 1207 tokens (1203 in the messages, 4 in the completion). Please reduce the \
        length of the messages or completion.","type":"invalid_request_error",\
        "param":"messages","code":"context_length_exceeded"}}\
        """
      })
  void a_context_overflow_is_not_tried_again_and_fails_its_completions_alone(String said) {
    server.next(FakeServer.says(400, said));
    int before = server.requests().size();
    List<List<Completion>> answers = model.sample(List.of(request(1L), request(2L)));
    assertThat(answers.stream().flatMap(List::stream))
        .extracting(Completion::finish)
        .containsExactlyInAnyOrder(FinishReason.FAILED, FinishReason.STOP);
    assertThat(server.requests()).hasSize(before + 2);
  }

  /** As the JDK's own server says it of a request whose connection was cut in its head. */
  @Test
  void a_request_that_broke_on_its_way_is_sent_again_but_not_for_ever() {
    Response garbled = FakeServer.says(400, "<h1>400 Bad Request</h1>Header key contains ...");
    server.next(garbled, garbled);
    assertThat(sample(1L)).extracting(Completion::finish).containsOnly(FinishReason.STOP);
    server.next(garbled, garbled, garbled);
    int before = server.requests().size();
    assertThatThrownBy(() -> sample(1L))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("answered 400: <h1>400 Bad Request</h1>");
    assertThat(server.requests()).hasSize(before + 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 405, 413, 415, 422, 501})
  void a_call_that_is_refused_as_a_whole_stops_with_the_servers_words(int status) {
    server.next(
        Stream.generate(() -> FakeServer.says(status, "{\"message\": \"no such mood\"}"))
            .limit(2)
            .toArray(Response[]::new));
    assertThatThrownBy(() -> sample(1L, 2L))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "POST " + server.url() + "/chat/completions answered " + status + ": no such mood")
        .matches(e -> ((ModelException) e).refused())
        .matches(e -> !((ModelException) e).retriable());
  }

  @Test
  void a_redirection_names_where_it_leads() {
    server.next(new Says(307, Map.of("Location", "https://elsewhere.example/v1"), "{}"));
    assertThatThrownBy(() -> sample(1L))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("POST " + server.url() + "/chat/completions answered 307")
        .hasMessageContaining("https://elsewhere.example/v1")
        .hasMessageContaining("remote.server.url");
  }

  /** OpenAI, an older OpenAI, DeepSeek (402), Anthropic's words. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        429 {"error": {"message": "You exceeded your current quota, please check your plan.",
        "type": "insufficient_quota", "param": null, "code": "insufficient_quota"}}\
        """,
        """
        429 {"error": {"message": "Billing hard limit has been reached",
        "type": "invalid_request_error", "code": "billing_hard_limit_reached"}}\
        """,
        "402 {\"error\": {\"message\": \"Insufficient Balance\"}}",
        "429 {\"error\": {\"message\": \"Your credit balance is too low\"}}",
      })
  void an_account_with_nothing_left_is_not_waited_for(String answer) {
    int status = Integer.parseInt(answer.substring(0, 3));
    server.next(FakeServer.says(status, answer.substring(4)));
    int before = server.requests().size();
    assertThatThrownBy(() -> sample(1L))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the account has nothing left");
    assertThat(server.requests()).hasSize(before + 1);
  }

  @Test
  void a_model_that_the_server_does_not_list_is_refused_on_opening() {
    RemoteSettings settings = Remotes.settings(server.url(), 1);
    RemoteSettings other =
        new RemoteSettings(
            settings.urls(), settings.api(), "bass", Map.of(), true, "", List.of(), 1, 1, 1, 1);
    assertThatThrownBy(() -> RemoteLanguageModel.open(other, null, name -> null))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("has no model 'bass'; it has: base, tuned");
  }

  @Test
  void a_server_of_another_kind_is_refused_on_opening() {
    try (FakeServer other = new FakeServer(request -> FakeServer.says(200, "{\"hello\": 1}"))) {
      assertThatThrownBy(() -> Remotes.open(other, 1))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("does not speak OpenAI's API");
    }
  }
}
