package malt.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Answers chats in whatever way a test puts before it; it lists no models. */
final class OddServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer of one text. */
  static final Reply WELL =
      new Reply(
          200,
          """
          {"choices": [{"index": 0, "message": {"role": "assistant", "content": "#### 7"},
            "finish_reason": "stop"}]}""");

  /** Status and body. */
  record Reply(int status, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger completions = new AtomicInteger();
  private volatile Function<JsonNode, Reply> answers = request -> WELL;

  OddServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/models", exchange -> send(exchange, new Reply(404, "{}")));
    server.createContext("/v1/chat/completions", this::complete);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** From now on; the server's own questions, of one token, are always answered well. */
  void answer(Function<JsonNode, Reply> function) {
    answers = function;
  }

  /** How many requests for more than one token there were. */
  int completions() {
    return completions.get();
  }

  private void complete(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody());
    boolean asking = request.path("max_tokens").asInt() == 1;
    if (!asking) {
      completions.incrementAndGet();
    }
    send(exchange, asking ? WELL : answers.apply(request));
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    try (exchange) {
      byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
