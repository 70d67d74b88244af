package malt.model.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server in this process that answers from a function; faults can be put before it. */
public final class FakeServer implements AutoCloseable {
  /** One request as the server saw it. */
  public record Request(String method, String path, String key, JsonNode body) {}

  /** What the server does. */
  public sealed interface Response {}

  public record Says(int status, Map<String, String> headers, String body) implements Response {}

  /** Announces the whole body, sends its first half and closes. */
  public record BreaksOff(String body) implements Response {}

  /** Holds the connection and says nothing. */
  public record StaysSilent() implements Response {}

  public interface Answers {
    Response to(Request request);
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Deque<Response> faults = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();
  private int underWay;
  private int mostUnderWay;

  public FakeServer(Answers answers) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", exchange -> serve(exchange, answers));
    server.start();
  }

  static Says says(int status, String body) {
    return new Says(status, Map.of(), body);
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** The next completions are answered so, one request each; then the function answers again. */
  synchronized void next(Response... planted) {
    faults.addAll(List.of(planted));
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The most requests that were ever being answered by the function at once. */
  synchronized int mostUnderWay() {
    return mostUnderWay;
  }

  private void serve(HttpExchange exchange, Answers answers) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Request request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
            json(new String(body, StandardCharsets.UTF_8)));
    Response planted;
    synchronized (this) {
      requests.add(request);
      planted = request.method().equals("POST") ? faults.poll() : null;
      if (planted == null) {
        mostUnderWay = Math.max(mostUnderWay, ++underWay);
      }
    }
    try (exchange) {
      send(exchange, planted == null ? answered(request, answers) : planted);
    }
  }

  /** No longer under way when it is sent, since whoever reads it may ask anew at once. */
  private Response answered(Request request, Answers answers) {
    try {
      return answers.to(request);
    } finally {
      synchronized (this) {
        underWay--;
      }
    }
  }

  /** A file that is sent is a text. */
  private static JsonNode json(String body) {
    try {
      return Reply.JSON.readTree(body.isEmpty() ? "{}" : body);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(body);
    }
  }

  private void send(HttpExchange exchange, Response response) throws IOException {
    if (response instanceof Says says) {
      says.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] bytes = says.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(says.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    } else if (response instanceof BreaksOff half) {
      byte[] bytes = half.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
    } else {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
