package malt.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.app.team.TeamSession;
import malt.experiment.ExperimentConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our server on the embedded model in this process, spoken to in raw HTTP. */
class ServerLimitsTest {
  /** So hot that end-of-text is rare: each completion runs to the end of its context. */
  private static final String LONG =
      """
      {"model": "%s", "messages": [{"role": "user", "content": "2 + 3 ?"}], "n": %d,
       "temperature": 50, "max_tokens": 500, "stream": %s}""";

  private static final String SHORT = LONG.formatted("base", 1, false).replace("500", "2");

  private static TeamSession session;
  private final HttpClient client = HttpClient.newHttpClient();
  private MaltServer server;

  @BeforeAll
  static void open() {
    Path home = Path.of("").toAbsolutePath().getParent();
    session =
        TeamSession.ofAdapters(
            ExperimentConfig.read(
                home.resolve("configs/nano.yaml"),
                List.of("model.path=" + home.resolve("models/nano"))),
            Map.of());
  }

  @AfterAll
  static void closeSession() {
    session.close();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void serve(String key, int maxQueue, int timeoutSeconds) {
    server =
        MaltServer.start(
            new ServeSettings("127.0.0.1", 0, key, 10_000, 500, maxQueue, timeoutSeconds), session);
  }

  private HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(URI.create(server.url().replace("/v1", "") + path));
  }

  private HttpRequest post(String body) {
    return at("/v1/chat/completions")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private void refused(HttpRequest request, int status, String words) throws Exception {
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).startsWith("{\"error\":{\"message\":").contains(words);
  }

  private int metric(String name) throws Exception {
    return send(at("/metrics").build())
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    boolean met = condition.getAsBoolean(); // what was so for a moment counts
    for (int i = 0; i < 1000 && !met; i++) {
      Thread.sleep(10);
      met = condition.getAsBoolean();
    }
    assertThat(met).isTrue();
  }

  private int load() {
    try {
      return metric("malt_completions_in_flight");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void requests_that_make_no_sense_are_refused_by_name() throws Exception {
    serve("", 8, 60);
    refused(post("{\"model\": "), 400, "not JSON");
    refused(post("{\"model\": \"base\", \"model\": \"team\"}"), 400, "not JSON");
    refused(post("[]"), 400, "not a JSON object");
    refused(post(SHORT.replace("\"n\"", "\"m\"")), 400, "'m' is not supported");
    refused(post(SHORT.replace("50", "\"hot\"")), 400, "'temperature'");
    refused(post(SHORT.replace("user", "robot")), 400, "robot");
    refused(at("/v1/nothing").build(), 404, "nothing at /v1/nothing");
    refused(at("/v1/chat/completions").build(), 405, "POST");
    refused(
        at("/v1/chat/completions")
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString(SHORT))
            .build(),
        415,
        "application/json");
    assertThat(send(post(SHORT)).statusCode()).isEqualTo(200);
  }

  private static String with(String key, String value) {
    return SHORT.replaceFirst("\\{", "{\"%s\": %s, ".formatted(key, value));
  }

  /** Of OpenAI's API, then of vLLM's and SGLang's, then of llama.cpp's. */
  private static final String NEUTRAL =
      """
      logit_bias {} | tools [] | tools null | tool_choice "none" | tool_choice "auto"
      functions [] | function_call "none" | parallel_tool_calls true | parallel_tool_calls false
      modalities ["text"] | response_format {"type": "text"} | audio null | prediction null
      presence_penalty 0 | frequency_penalty 0.0 | top_logprobs 0 | logprobs false | stop []
      reasoning_effort "none" | verbosity "medium" | store false | store true | metadata {}
      service_tier "auto" | user "me" | seed null | stream_options {} | top_p 0 | top_p 1
      best_of 1 | echo false | suffix "" | suffix null
      top_k -1 | top_k 0 | top_k 1073741824 | min_p 0 | min_p 0.0 | repetition_penalty 1
      repetition_penalty 1.0 | length_penalty 1.0 | min_tokens 0 | ignore_eos false
      use_beam_search false | skip_special_tokens true | spaces_between_special_tokens true
      stop_token_ids [] | bad_words [] | allowed_token_ids [] | include_stop_str_in_output false
      truncate_prompt_tokens null | prompt_logprobs null | chat_template_kwargs {} | documents []
      add_generation_prompt true | continue_final_message false | priority 0 | request_id "7"
      guided_json {} | guided_regex "" | guided_choice [] | guided_grammar "" | regex ""
      structured_outputs {} | no_stop_trim false | logits_processors [] | vllm_xargs {}
      repeat_penalty 1 | repeat_last_n 64 | typical_p 1.0 | tfs_z 1 | mirostat 0 | mirostat_tau 5.0
      dynatemp_range 0 | dynatemp_exponent 1 | xtc_probability 0 | xtc_threshold 0.1 | n_probs 0
      dry_multiplier 0 | dry_base 1.75 | dry_sequence_breakers ["\\n"] | top_n_sigma -1.0
      cache_prompt true | id_slot -1 | grammar "" | json_schema {} | samplers [] | n_keep 0
      timings_per_token false | post_sampling_probs false | lora [] | response_fields []
      """;

  private static List<String> neutral() {
    return NEUTRAL
        .lines()
        .flatMap(line -> Stream.of(line.split(" \\| ")))
        .map(String::strip)
        .toList();
  }

  @Test
  void values_that_ask_for_nothing_change_nothing() throws Exception {
    serve("", 8, 60);
    String plain = text(send(post(SHORT.replaceFirst("\\{", "{\"seed\": 5, "))));
    for (String pair : neutral()) {
      String key = pair.substring(0, pair.indexOf(' '));
      String body = with(key, pair.substring(pair.indexOf(' ') + 1));
      HttpResponse<String> response =
          send(post(key.equals("seed") ? body : body.replaceFirst("\\{", "{\"seed\": 5, ")));
      assertThat(response.statusCode()).as(pair + ": " + response.body()).isEqualTo(200);
      if (!key.equals("seed") && !key.equals("top_p")) {
        assertThat(text(response)).as(pair).isEqualTo(plain);
      }
    }
  }

  private static String text(HttpResponse<String> response) throws IOException {
    return JsonCall.JSON.readTree(response.body()).at("/choices/0/message/content").asText();
  }

  @Test
  void plain_completions_take_what_asks_for_nothing_too() throws Exception {
    serve("", 8, 60);
    for (String more :
        List.of(
            "\"suffix\": \"\"",
            "\"logprobs\": false",
            "\"logprobs\": null",
            "\"echo\": false",
            "\"n\": 2, \"best_of\": 2",
            "\"top_k\": -1")) {
      HttpResponse<String> response =
          send(
              at("/v1/completions")
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\": \"base\", \"prompt\": \"2 + 3\", \"max_tokens\": 2, %s}"
                              .formatted(more)))
                  .build());
      assertThat(response.statusCode()).as(more + ": " + response.body()).isEqualTo(200);
    }
  }

  @Test
  void values_that_ask_for_something_else_are_refused_by_name() throws Exception {
    serve("", 8, 60);
    for (String pair :
        List.of(
            "logit_bias {\"5\": 1}",
            "tools [{\"type\": \"function\"}]",
            "tool_choice \"required\"",
            "modalities [\"text\", \"audio\"]",
            "modalities []",
            "suffix \"end\"",
            "response_format {\"type\": \"json_object\"}",
            "response_format {\"type\": \"text\", \"strict\": true}",
            "presence_penalty 0.1",
            "top_logprobs 1",
            "echo true",
            "best_of 2",
            "top_k 40",
            "top_k -2",
            "min_p 0.05",
            "repetition_penalty 1.1",
            "repeat_penalty 0",
            "skip_special_tokens false",
            "ignore_eos true",
            "stop_token_ids [5]",
            "min_tokens 1",
            "mirostat 2",
            "grammar \"root ::= x\"",
            "web_search_options {}",
            "thinking {}",
            "min_q 0")) {
      String key = pair.substring(0, pair.indexOf(' '));
      refused(
          post(with(key, pair.substring(pair.indexOf(' ') + 1))),
          400,
          "'" + key + "' is not supported");
    }
  }

  @Test
  void bounds_are_said_in_plain_numbers() throws Exception {
    serve("", 8, 60);
    refused(post(with("top_p", "-0.1")), 400, "'top_p' must be a number from 0 to 1.");
    refused(post(with("top_p", "1.5")), 400, "'top_p' must be a number from 0 to 1.");
    refused(
        post(SHORT.replace("\"temperature\": 50", "\"temperature\": 101")),
        400,
        "'temperature' must be a number from 0 to 100.");
    refused(
        post(SHORT.replace("\"max_tokens\": 2", "\"max_tokens\": 0")),
        400,
        "'max_tokens' must be a whole number from 1 to 500.");
  }

  @Test
  void a_nucleus_of_nothing_is_the_likeliest_token() throws Exception {
    serve("", 8, 60);
    String greedy = SHORT.replace("\"temperature\": 50", "\"temperature\": 0");
    String hot = with("top_p", "0").replace("\"temperature\": 50", "\"temperature\": 1");
    assertThat(text(send(post(hot)))).isNotEmpty().isEqualTo(text(send(post(greedy))));
  }

  @Test
  void a_media_type_is_read_without_its_case_and_its_parameters() throws Exception {
    serve("", 8, 60);
    for (String type :
        List.of(
            "Application/JSON",
            "APPLICATION/JSON; Charset=UTF-8",
            "application/json;charset=utf-8",
            "application/json ; charset=\"utf-8\"; boundary=x")) {
      assertThat(send(typed(type)).statusCode()).as(type).isEqualTo(200);
    }
    for (String type : List.of("application/jsonp", "text/json", "application/x-json", "json")) {
      refused(typed(type), 415, "application/json");
    }
  }

  private HttpRequest typed(String type) {
    return at("/v1/chat/completions")
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofString(SHORT))
        .build();
  }

  @Test
  void a_body_that_is_too_large_is_answered_413() throws Exception {
    serve("", 8, 60);
    refused(post(SHORT.replace("2 + 3", "2 + ".repeat(3000))), 413, "10000 bytes");
  }

  @Test
  void a_full_queue_is_answered_429_and_more_than_it_ever_bears_400() throws Exception {
    serve("", 4, 60);
    CompletableFuture<HttpResponse<String>> first =
        client.sendAsync(
            post(LONG.formatted("base", 4, false)), HttpResponse.BodyHandlers.ofString());
    await(() -> load() == 4);
    HttpResponse<String> second = send(post(SHORT));
    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(second.headers().firstValue("Retry-After")).isPresent();
    refused(post(LONG.formatted("base", 5, false)), 400, "bears 4");
    assertThat(first.get().statusCode()).isEqualTo(200);
    assertThat(send(post(SHORT)).statusCode()).isEqualTo(200);
  }

  @Test
  void what_takes_too_long_is_answered_503_and_dropped() throws Exception {
    serve("", 512, 1);
    refused(post(LONG.formatted("team", 128, false)), 503, "longer than the 1 s");
    await(() -> load() == 0);
  }

  @Test
  void a_caller_that_hangs_up_frees_its_rows_at_once() throws Exception {
    serve("", 512, 60);
    for (boolean stream : new boolean[] {false, true}) {
      int before = metric("malt_hang_ups_total");
      try (Socket socket = raw(LONG.formatted("team", 100, stream))) {
        await(() -> load() == 100);
      }
      long left = System.nanoTime();
      await(() -> load() == 0);
      assertThat(Duration.ofNanos(System.nanoTime() - left)).isLessThan(Duration.ofSeconds(3));
      assertThat(metric("malt_hang_ups_total")).isEqualTo(before + 1);
    }
  }

  private Socket raw(String body) throws IOException {
    URI uri = URI.create(server.url());
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort());
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                .formatted(body.length());
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  @Test
  void with_a_key_callers_need_it_for_everything_but_health() throws Exception {
    serve("right", 8, 60);
    refused(post(SHORT), 401, "API key");
    refused(at("/v1/models").header("Authorization", "Bearer wrong").build(), 401, "API key");
    refused(at("/metrics").build(), 401, "API key");
    assertThat(send(at("/healthz").build()).body()).isEqualTo("{\"status\":\"ok\"}");
    assertThat(send(at("/v1/models").header("Authorization", "Bearer right").build()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void without_a_key_a_page_of_another_site_cannot_ask() throws Exception {
    serve("", 8, 60);
    URI uri = URI.create(server.url());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
      socket
          .getOutputStream()
          .write("GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n".getBytes());
      byte[] answer = new byte[12];
      assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
      assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 403");
    }
  }

  @Test
  void another_address_than_loopback_needs_a_key() {
    serve("", 8, 60);
    assertThatThrownBy(() -> new ServeSettings("0.0.0.0", 0, "", 1, 1, 1, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--key-variable");
    assertThat(new ServeSettings("0.0.0.0", 0, "k", 1, 1, 1, 1).key()).isEqualTo("k");
  }

  @Test
  void closing_lets_the_answers_under_way_end() throws Exception {
    serve("", 512, 60);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            post(LONG.formatted("base", 100, true)), HttpResponse.BodyHandlers.ofString());
    await(() -> load() > 0);
    server.close();
    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(answer.get().body()).endsWith("data: [DONE]\n\n");
    assertThatThrownBy(() -> raw(SHORT)).isInstanceOf(IOException.class);
  }

  @Test
  void the_metrics_count_what_was_answered() throws Exception {
    serve("", 8, 60);
    int before = metric("malt_completion_tokens_total");
    send(post(SHORT));
    refused(post("{}"), 400, "'model'");
    String text = send(at("/metrics").build()).body();
    assertThat(text)
        .contains("malt_requests_total{status=\"200\"} 1.0\n")
        .contains("malt_requests_total{status=\"400\"} 1.0\n")
        .contains("# TYPE malt_requests_total counter\n", "# TYPE malt_request_seconds histogram\n")
        .contains("# TYPE malt_completions_in_flight gauge\n", "# TYPE malt_heap_bytes gauge\n")
        .contains("malt_hang_ups_total 0.0\n", "malt_request_seconds_count 2\n")
        .contains("malt_request_seconds_bucket{le=\"+Inf\"} 2\n");
    assertThat(metric("malt_completion_tokens_total") - before).isBetween(1, 2);
    assertThat(metric("malt_requests_in_flight")).isZero();
  }
}
