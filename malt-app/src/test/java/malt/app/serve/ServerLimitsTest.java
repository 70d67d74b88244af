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
import malt.ConfigException;
import malt.app.TeamSession;
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
        session.serve(
            new ServeSettings("127.0.0.1", 0, key, 10_000, 500, maxQueue, timeoutSeconds));
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
        .mapToInt(line -> Integer.parseInt(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
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
    refused(post(LONG.formatted("base", 128, false)), 503, "longer than the 1 s");
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
    serve("", 64, 60);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            post(LONG.formatted("base", 8, true)), HttpResponse.BodyHandlers.ofString());
    await(() -> load() == 8);
    server.close();
    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(answer.get().body()).endsWith("data: [DONE]\n\n");
    assertThatThrownBy(() -> send(post(SHORT))).isInstanceOf(IOException.class);
  }

  @Test
  void the_metrics_count_what_was_answered() throws Exception {
    serve("", 8, 60);
    int before = metric("malt_completion_tokens_total");
    send(post(SHORT));
    refused(post("{}"), 400, "'model'");
    String text = send(at("/metrics").build()).body();
    assertThat(text)
        .contains("malt_requests_total{status=\"200\"} 1\n")
        .contains("malt_requests_total{status=\"400\"} 1\n")
        .contains("malt_request_seconds_bucket{le=\"+Inf\"} 2\n");
    assertThat(metric("malt_completion_tokens_total") - before).isBetween(1, 2);
    assertThat(metric("malt_requests_in_flight")).isZero();
  }
}
