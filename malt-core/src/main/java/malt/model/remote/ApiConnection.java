package malt.model.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import malt.Seeds;
import malt.model.remote.RequestFailure.Scope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JSON to and from one server under one key, with time-outs, and with patience for 408, 429, 5xx,
 * half answers and dropped connections. Safe for any number of threads.
 */
final class ApiConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ApiConnection.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int ATTEMPTS_TO_ASK = 3;
  private static final int QUIET_ATTEMPTS = 4; // some seconds
  private static final Duration BETWEEN_TELLING = Duration.ofSeconds(30);

  private final HttpClient http;
  private final String url;
  private final String key;
  private final Duration timeout;
  private final Duration patience;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong lastTold = new AtomicLong();

  /**
   * @param key empty for none
   */
  ApiConnection(String url, String key, Duration timeout, Duration patience) {
    this.url = url.replaceAll("/+$", "");
    this.key = key;
    this.timeout = timeout;
    this.patience = patience;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
  }

  /** What the server may be unable to tell: a lasting 500 is an answer, and so is no JSON. */
  JsonNode get(String path) throws RequestFailure, InterruptedException {
    return exchange(request(path).GET().build(), true);
  }

  JsonNode post(String path, ObjectNode body) throws RequestFailure, InterruptedException {
    return exchange(posted(path, body), false);
  }

  /** As {@link #post}, for what the server may be unable to do: a lasting 500 is an answer. */
  JsonNode ask(String path, ObjectNode body) throws RequestFailure, InterruptedException {
    return exchange(posted(path, body), true);
  }

  private HttpRequest posted(String path, ObjectNode body) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "application/json");
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  private JsonNode exchange(HttpRequest request, boolean asking)
      throws RequestFailure, InterruptedException {
    long number = requests.incrementAndGet();
    long start = System.nanoTime();
    long end = start + patience.toNanos();
    for (int attempt = 0; ; attempt++) {
      Reply reply = attempt(request);
      if (reply instanceof Reply.Answer answer) {
        return answer.body();
      }
      if (reply instanceof Reply.Refusal refusal) {
        RequestFailure failure = refusal.failure();
        throw new RequestFailure(failure.scope(), failure.status(), named(request, failure.what()));
      }
      Reply.Trouble trouble = (Reply.Trouble) reply;
      Duration pause = pause(trouble.pause(), number, attempt);
      boolean told = trouble.status() == 500 || trouble.status() == 200;
      boolean answered = asking && told && attempt + 1 == ATTEMPTS_TO_ASK;
      if (answered || System.nanoTime() + pause.toNanos() > end) {
        throw new RequestFailure(
            trouble.reached() ? Scope.TROUBLE : Scope.SERVER,
            trouble.status(),
            named(request, trouble.what())
                + " (given up after %d attempts in %d s)"
                    .formatted(attempt + 1, (System.nanoTime() - start) / 1_000_000_000));
      }
      if (attempt >= QUIET_ATTEMPTS || trouble.isEnd()) {
        tellOfWaiting(request, trouble, end);
      }
      Thread.sleep(pause.toMillis());
    }
  }

  /** Once for all requests that wait. */
  private void tellOfWaiting(HttpRequest request, Reply.Trouble trouble, long end) {
    long now = System.nanoTime();
    long last = lastTold.get();
    if ((last == 0 || now - last > BETWEEN_TELLING.toNanos())
        && lastTold.compareAndSet(last, now)) {
      LOG.warn(
          "{}; trying again for {} s at most",
          named(request, trouble.what()),
          Duration.ofNanos(end - now).toSeconds());
    }
  }

  private static String named(HttpRequest request, String what) {
    return "%s %s %s".formatted(request.method(), request.uri(), what);
  }

  /** What the server asked for, else twice as long each time and spread by up to a half. */
  private static Duration pause(Optional<Duration> asked, long request, int attempt) {
    if (asked.isPresent() && !asked.get().isNegative()) {
      return asked.get();
    }
    long doubled = FIRST_PAUSE.toMillis() << Math.min(attempt, 10);
    double spread = 0.5 + 0.5 * Seeds.uniform(Seeds.of(request, attempt));
    return Duration.ofMillis((long) (Math.min(doubled, LONGEST_PAUSE.toMillis()) * spread));
  }

  /** The deadline holds for the whole answer; HttpClient's own ends with the headers. */
  private Reply attempt(HttpRequest request) throws InterruptedException {
    CompletableFuture<HttpResponse<String>> exchange =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    try {
      return Reply.of(exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      exchange.cancel(true);
      return trouble("gave no answer within %d s".formatted(timeout.toSeconds()), true);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof ConnectException) {
        return trouble("cannot be reached; is the server running?", false);
      }
      if (cause instanceof IOException) {
        return trouble("broke off its answer: " + cause.getMessage(), true);
      }
      throw new IllegalStateException(cause);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw e;
    }
  }

  private static Reply trouble(String what, boolean reached) {
    return new Reply.Trouble(0, what, reached, Optional.empty());
  }
}
