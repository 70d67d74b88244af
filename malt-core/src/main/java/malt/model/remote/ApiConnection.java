package malt.model.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import malt.MaltException;
import malt.model.remote.Reply.Trouble.Kind;

/**
 * Single attempts at requests to one server under one key, with a time-out for the whole answer.
 * Safe for any number of threads.
 */
final class ApiConnection {
  private static final String VERSION = "/v1";

  private final HttpClient http;
  private final String url;
  private final String key;
  private final Duration timeout;

  /**
   * @param url up to and with the version
   * @param key empty for none
   */
  ApiConnection(String url, String key, Duration timeout) {
    this.url = url.replaceAll("/+$", "");
    this.key = key;
    this.timeout = timeout;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
  }

  String url() {
    return url;
  }

  /** The address without the version, where servers have what is not OpenAI's. */
  String root() {
    return url.endsWith(VERSION) ? url.substring(0, url.length() - VERSION.length()) : url;
  }

  /** An answer in JSON to a request in JSON. */
  Reply post(String path, JsonNode body) throws InterruptedException {
    return attempt(posted(url + path, body), true);
  }

  Reply get(String path) throws InterruptedException {
    return attempt(request(url + path).GET().build(), true);
  }

  /** An answer of any kind, to a request in JSON, at an address in full. */
  Reply call(String method, String address, JsonNode body) throws InterruptedException {
    return attempt(
        request(address)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body.toString()))
            .build(),
        false);
  }

  /** Likewise, with a file as the body. */
  Reply upload(String address, Path file) throws InterruptedException {
    try {
      return attempt(request(address).POST(BodyPublishers.ofFile(file)).build(), false);
    } catch (FileNotFoundException e) {
      throw new MaltException("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private HttpRequest posted(String address, JsonNode body) {
    return request(address)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.toString()))
        .build();
  }

  private HttpRequest.Builder request(String address) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address)).header("Accept", "application/json");
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  /** The deadline holds for the whole answer; HttpClient's own ends with the headers. */
  private Reply attempt(HttpRequest request, boolean json) throws InterruptedException {
    String name = "%s %s ".formatted(request.method(), request.uri());
    CompletableFuture<HttpResponse<String>> exchange =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    try {
      return Reply.of(name, exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS), json);
    } catch (TimeoutException e) {
      exchange.cancel(true);
      return trouble(
          name + "gave no answer within %d s".formatted(timeout.toSeconds()), Kind.PASSING);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
        return trouble(name + "cannot be reached; is the server running?", Kind.GONE);
      }
      if (cause instanceof IOException) {
        String why = Reply.brief(String.valueOf(cause.getMessage()));
        return trouble(name + "broke off its answer: " + why, Kind.PASSING);
      }
      if (cause instanceof IllegalArgumentException) { // HttpClient's, such as of a length 42#
        String why = Reply.brief(String.valueOf(cause.getMessage()));
        return trouble(name + "answered what is not HTTP: " + why, Kind.PASSING);
      }
      throw new IllegalStateException(cause);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw e;
    }
  }

  private static Reply trouble(String what, Kind kind) {
    return new Reply.Trouble(0, what, kind, Optional.empty());
  }
}
