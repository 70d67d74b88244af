package malt.bench.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import malt.Seeds;

/**
 * A server that speaks OpenAI's API as vLLM does, and answers sums: what it says is a function of
 * the request alone, so two runs that ask the same are told the same. It loads adapters by name,
 * and tells nobody's tokens.
 */
final class StandInServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SUM = Pattern.compile("What is (\\d+) \\+ (\\d+) \\?");
  private static final double RIGHT = 0.6; // share of its answers, and of its critiques

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<String> loaded = ConcurrentHashMap.newKeySet();

  StandInServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/v1/models",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          say(exchange, 200, "{\"object\": \"list\", \"data\": [{\"id\": \"base\"}]}");
        });
    server.createContext("/v1/chat/completions", this::complete);
    server.createContext("/v1/load_lora_adapter", exchange -> load(exchange, true));
    server.createContext("/v1/unload_lora_adapter", exchange -> load(exchange, false));
    server.start();
  }

  /** Questions that it understands, one a line, from that number on. */
  static void writeQuestions(Path file, int first, int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = first; i < first + count; i++) {
      lines.append(
          "{\"id\": \"q%1$d\", \"question\": \"What is %1$d + %2$d ?\", \"answer\": \"%3$d\"}%n"
              .formatted(i, i % 3 + 1, i + i % 3 + 1));
    }
    Files.writeString(file, lines);
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void complete(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody());
    String model = request.path("model").asText();
    if (!model.equals("base") && !loaded.contains(model)) {
      say(exchange, 404, error("The model `%s` does not exist.".formatted(model)));
      return;
    }
    ObjectNode answer = JSON.createObjectNode().put("object", "chat.completion");
    ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
    choice.put("finish_reason", "stop");
    choice.putObject("message").put("role", "assistant").put("content", text(request));
    say(exchange, 200, answer.toString());
  }

  private static String text(JsonNode request) {
    JsonNode messages = request.path("messages");
    // an adapter's name has its content in it, so that what is trained decides what is said
    SplittableRandom random =
        new SplittableRandom(
            Seeds.of(
                request.path("seed").asLong(),
                request.path("model").asText(),
                messages.toString()));
    String last = messages.path(messages.size() - 1).path("content").asText();
    if (last.startsWith("Check")) {
      return random.nextDouble() < RIGHT ? "That is right." : "That is wrong.";
    }
    Matcher sum = SUM.matcher(messages.path(0).path("content").asText());
    if (!sum.find()) {
      return "Well.";
    }
    int right = Integer.parseInt(sum.group(1)) + Integer.parseInt(sum.group(2));
    int said = random.nextDouble() < RIGHT ? right : right + 1 + random.nextInt(3);
    return "%s + %s = %d\n#### %d".formatted(sum.group(1), sum.group(2), said, said);
  }

  private void load(HttpExchange exchange, boolean load) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody());
    String name = request.path("lora_name").asText();
    if (name.isEmpty()) {
      say(exchange, 400, error("lora_name is missing"));
    } else if (!load) {
      boolean was = loaded.remove(name);
      say(exchange, was ? 200 : 404, was ? "\"removed\"" : error("no such adapter"));
    } else if (loaded.add(name)) {
      say(exchange, 200, "\"Success: LoRA adapter '%s' added successfully.\"".formatted(name));
    } else {
      say(exchange, 400, error("The lora adapter '%s' has already been loaded.".formatted(name)));
    }
  }

  private static String error(String message) {
    ObjectNode error = JSON.createObjectNode();
    error.putObject("error").put("message", message);
    return error.toString();
  }

  private static void say(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
