package malt.bench.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import malt.bench.Launcher;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A server among many callers, most of whom mean it no good. */
@Command(
    name = "campaign.Crowd",
    mixinStandardHelpOptions = true,
    description = {
      "Puts malt serve before a crowd, a wave each case: slow readers, half requests, floods,"
          + " wrong",
      "keys, and callers that hang up. Among them some ask properly: each must be told its own",
      "answer, or at once that the queue is full, or by the time-out that it takes too long; and",
      "when a wave is over nothing of it may be left."
    })
public final class Crowd extends Campaign {
  private static final int QUEUE = 64; // completions
  private static final int TIMEOUT = 30; // seconds
  private static final int GRACE = 5; // seconds, of a busy machine
  private static final int POLITE = 8;
  private static final int QUESTIONS = 12; // of each of them
  private static final int HANDLES = 16; // that may come and go
  private static final long RETRY = 200; // ms
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(names = "--clients", description = "of each wave; default: ${DEFAULT-VALUE}")
  private int clients = 1_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> expected = new ArrayList<>();
  private final List<Long> millis = Collections.synchronizedList(new ArrayList<>());
  private final List<Integer> turnedAway = Collections.synchronizedList(new ArrayList<>());
  private @Nullable ServedModel server;
  private long handles;

  Crowd() {
    super(10);
  }

  /** With so many clients a wave. */
  Crowd(int clients) {
    this();
    this.clients = clients;
  }

  public static void main(String[] arguments) {
    Launcher.launch(new Crowd(), arguments);
  }

  @Override
  void begin(Path place) throws Exception {
    ServedModel started =
        ServedModel.start(
            place.resolve("serve.log"),
            "--max-queue",
            String.valueOf(QUEUE),
            "--timeout-seconds",
            String.valueOf(TIMEOUT));
    server = started;
    for (int question = 0; question < QUESTIONS; question++) {
      expected.add(text(ask(question).body()));
    }
    handles = started.handles();
  }

  @Override
  void check(long caseSeed) throws Exception {
    int port = URI.create(Objects.requireNonNull(server).url()).getPort();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<@Nullable String>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        all.add(threads.submit(new RudeClient(port, caseSeed * clients + i)));
      }
      for (int i = 0; i < POLITE; i++) {
        Callable<@Nullable String> polite = this::polite;
        all.add(threads.submit(polite));
      }
      for (Future<@Nullable String> each : all) {
        String wrong = each.get();
        if (wrong != null) {
          throw new BrokenPromise(wrong);
        }
      }
    } catch (ExecutionException e) {
      throw new BrokenPromise(String.valueOf(e.getCause()));
    } finally {
      threads.shutdownNow();
    }
    requireNothingLeft();
  }

  /** Asks each question until it is answered. */
  private @Nullable String polite() throws IOException, InterruptedException {
    for (int question = 0; question < QUESTIONS; question++) {
      HttpResponse<String> response = timed(question);
      while (response.statusCode() == 429 || response.statusCode() == 503) {
        turnedAway.add(response.statusCode());
        Thread.sleep(RETRY);
        response = timed(question);
      }
      if (response.statusCode() != 200) {
        return "a proper request was answered %d: %s"
            .formatted(response.statusCode(), response.body());
      }
      String text = text(response.body());
      if (!text.equals(expected.get(question)) && expected.contains(text)) {
        return "question %d was told the answer of another: %s".formatted(question, text);
      }
    }
    return null;
  }

  private HttpResponse<String> timed(int question) throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<String> response = ask(question);
    millis.add((System.nanoTime() - start) / 1_000_000);
    return response;
  }

  /** Greedily, so that the answer is one; later than the time-out it counts as lost. */
  private HttpResponse<String> ask(int question) throws IOException, InterruptedException {
    String body =
        """
        {"model": "base", "temperature": 0, "max_tokens": 64, "messages": [{"role": "user",
         "content": "Ann has %d apples and buys %d more. How many apples does she have ?"}]}\
        """
            .formatted(question + 2, 3 * question + 1);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(Objects.requireNonNull(server).url() + "/chat/completions"))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + ServedModel.KEY)
            .timeout(Duration.ofSeconds(TIMEOUT + GRACE))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String text(String body) throws IOException {
    JsonNode json = JSON.readTree(body);
    return json.at("/choices/0/message/content").asText();
  }

  /** Within the time-out the work of those who have gone ends, and their connections with it. */
  private void requireNothingLeft() throws IOException, InterruptedException, BrokenPromise {
    ServedModel served = Objects.requireNonNull(server);
    long end = System.nanoTime() + (TIMEOUT + GRACE) * 1_000_000_000L;
    String left = left(served);
    while (!left.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(RETRY);
      left = left(served);
    }
    if (!left.isEmpty()) {
      throw new BrokenPromise("after a wave " + left);
    }
  }

  private String left(ServedModel served) throws IOException, InterruptedException {
    if (!served.isAlive()) {
      return "the server is dead";
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(served.url().replace("/v1", "/metrics")))
            .header("Authorization", "Bearer " + ServedModel.KEY)
            .build();
    String metrics = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    if (!metrics.contains("malt_completions_in_flight 0")) {
      return "completions are under way";
    }
    long open = served.handles();
    return open > handles + HANDLES ? "%d handles are open".formatted(open - handles) : "";
  }

  @Override
  void end() throws InterruptedException {
    if (server != null) {
      server.close();
    }
  }

  @Override
  String figure() {
    List<Long> sorted = millis.stream().sorted().toList();
    return sorted.isEmpty()
        ? "nothing was answered"
        : "%d clients a wave; proper requests answered in %d ms by half, %d ms at most, %d told to wait"
            .formatted(
                clients,
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() - 1),
                turnedAway.size());
  }
}
