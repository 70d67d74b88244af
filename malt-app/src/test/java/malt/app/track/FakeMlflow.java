package malt.app.track;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** As much of an MLflow server as a run needs, which may be out of order for a while. */
final class FakeMlflow implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Map<String, String> experiments = new LinkedHashMap<>();
  private final Map<String, Kept> runs = new LinkedHashMap<>();
  private volatile boolean broken;
  private volatile String artifacts = "mlflow-artifacts:/1/%s/artifacts";

  /** What is kept of a run; metrics by name and step, which are told once each. */
  record Kept(
      String name,
      Map<String, String> tags,
      Map<String, String> parameters,
      Map<String, Map<Long, Double>> metrics,
      Map<String, String> files,
      List<String> statuses) {}

  FakeMlflow() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void breaks(boolean now) {
    broken = now;
  }

  void keepsFilesAt(String place) {
    artifacts = place;
  }

  synchronized List<Kept> runs() {
    return List.copyOf(runs.values());
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    ObjectNode answer = JSON.createObjectNode();
    int status = 200;
    if (broken) {
      status = 500;
    } else if (path.startsWith("/api/2.0/mlflow-artifacts/artifacts/1/")) {
      String[] parts =
          path.substring("/api/2.0/mlflow-artifacts/artifacts/1/".length()).split("/", 3);
      runs.get(parts[0]).files().put(parts[2], text);
    } else {
      JsonNode body = text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text);
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      String named = query.substring(query.indexOf('=') + 1);
      switch (path.substring("/api/2.0/mlflow/".length())) {
        case "experiments/get-by-name" -> {
          status = experiments.containsKey(named) ? 200 : 404;
          answer.putObject("experiment").put("experiment_id", experiments.get(named));
        }
        case "experiments/create" -> {
          experiments.put(body.get("name").asText(), "1");
          answer.put("experiment_id", "1");
        }
        case "runs/create" -> {
          String id = "run" + runs.size();
          Map<String, String> tags = new TreeMap<>();
          body.get("tags")
              .forEach(tag -> tags.put(tag.get("key").asText(), tag.get("value").asText()));
          runs.put(
              id,
              new Kept(
                  body.get("run_name").asText(),
                  tags,
                  new TreeMap<>(),
                  new TreeMap<>(),
                  new TreeMap<>(),
                  new ArrayList<>()));
          info(answer, id);
        }
        case "runs/get" -> {
          status = runs.containsKey(named) ? 200 : 404;
          info(answer, named);
        }
        case "runs/update" ->
            runs.get(body.get("run_id").asText()).statuses().add(body.get("status").asText());
        case "runs/log-batch" -> log(runs.get(body.get("run_id").asText()), body);
        default -> status = 404;
      }
    }
    byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void info(ObjectNode answer, String id) {
    answer
        .putObject("run")
        .putObject("info")
        .put("run_id", id)
        .put("lifecycle_stage", "active")
        .put("artifact_uri", artifacts.formatted(id));
  }

  private static void log(Kept run, JsonNode body) {
    if (body.get("params").size() > 100 || body.get("metrics").size() > 1000) {
      throw new AssertionError("a batch is too large");
    }
    body.get("params")
        .forEach(one -> run.parameters().put(one.get("key").asText(), one.get("value").asText()));
    for (JsonNode one : body.get("metrics")) {
      Double before =
          run.metrics()
              .computeIfAbsent(one.get("key").asText(), key -> new TreeMap<>())
              .put(one.get("step").asLong(), one.get("value").asDouble());
      if (before != null) {
        throw new AssertionError(one + " was told twice");
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
