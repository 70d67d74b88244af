package malt.app.track;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * MLflow's REST API, as much of it as keeps a run (mlflow.org/docs/latest/api_reference/rest-api).
 * A server that asks who is there is told what MLflow's own clients tell it: the environment
 * variables MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.
 */
final class MlflowClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String API = "/api/2.0/mlflow/";
  private static final String PROXY = "mlflow-artifacts:";
  private static final int NOT_FOUND = 404;

  /** How a run stands, in MLflow's words. */
  enum Status {
    RUNNING,
    FINISHED,
    KILLED
  }

  /** A number at a step. */
  record Metric(String key, double value, long timestamp, long step) {}

  /**
   * A run on the server.
   *
   * @param artifacts where its files are, as the server says
   */
  record Run(String id, String artifacts) {}

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final String url;
  private final @Nullable String authorization;

  MlflowClient(String url, Map<String, String> environment) {
    this.url = url.replaceAll("/+$", "");
    this.authorization = authorization(environment);
  }

  private static @Nullable String authorization(Map<String, String> environment) {
    String token = environment.get("MLFLOW_TRACKING_TOKEN");
    if (token != null) {
      return "Bearer " + token;
    }
    String user = environment.get("MLFLOW_TRACKING_USERNAME");
    if (user == null) {
      return null;
    }
    String both = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  /** The id of an experiment, which is made where there is none of the name. */
  String experiment(String name) throws IOException, InterruptedException {
    Optional<JsonNode> found =
        find(
            "experiments/get-by-name?experiment_name="
                + URLEncoder.encode(name, StandardCharsets.UTF_8));
    return found.isPresent()
        ? found.get().at("/experiment/experiment_id").asText()
        : post("experiments/create", JSON.createObjectNode().put("name", name))
            .path("experiment_id")
            .asText();
  }

  Run create(String experiment, String name, long started, Map<String, String> tags)
      throws IOException, InterruptedException {
    ObjectNode body =
        JSON.createObjectNode()
            .put("experiment_id", experiment)
            .put("run_name", name)
            .put("start_time", started);
    ArrayNode list = body.putArray("tags");
    tags.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
    return run(post("runs/create", body));
  }

  /** A run of an earlier attempt; none where the server does not know it, or has it deleted. */
  Optional<Run> run(String id) throws IOException, InterruptedException {
    return find("runs/get?run_id=" + id)
        .filter(found -> !found.at("/run/info/lifecycle_stage").asText().equals("deleted"))
        .map(MlflowClient::run);
  }

  private static Run run(JsonNode answer) {
    JsonNode info = answer.at("/run/info");
    return new Run(info.path("run_id").asText(), info.path("artifact_uri").asText());
  }

  void update(Run run, Status status, @Nullable Long ended)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("run_id", run.id()).put("status", status.name());
    if (ended != null) {
      body.put("end_time", ended);
    }
    post("runs/update", body);
  }

  /** At most a hundred parameters, and a thousand metrics. */
  void log(Run run, Map<String, String> parameters, List<Metric> metrics)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode().put("run_id", run.id());
    ArrayNode params = body.putArray("params");
    parameters.forEach((key, value) -> params.addObject().put("key", key).put("value", value));
    ArrayNode numbers = body.putArray("metrics");
    for (Metric metric : metrics) {
      numbers
          .addObject()
          .put("key", metric.key())
          .put("value", metric.value())
          .put("timestamp", metric.timestamp())
          .put("step", metric.step());
    }
    post("runs/log-batch", body);
  }

  /** Whether the server itself takes a run's files. */
  static boolean takesFiles(Run run) {
    return run.artifacts().startsWith(PROXY);
  }

  /** Puts a file among those of a run whose files the server takes. */
  void put(Run run, Path file, String name) throws IOException, InterruptedException {
    String place = run.artifacts().substring(PROXY.length()).replaceAll("^/*", "");
    send(
        request("/api/2.0/mlflow-artifacts/artifacts/%s/%s".formatted(place, name))
            .PUT(BodyPublishers.ofByteArray(Files.readAllBytes(file)))
            .build());
  }

  private Optional<JsonNode> find(String call) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request(API + call).GET().build(), HttpResponse.BodyHandlers.ofString());
    return response.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(read(response));
  }

  private JsonNode post(String call, ObjectNode body) throws IOException, InterruptedException {
    return send(
        request(API + call)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
    return authorization == null ? request : request.header("Authorization", authorization);
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    return read(http.send(request, HttpResponse.BodyHandlers.ofString()));
  }

  private static JsonNode read(HttpResponse<String> response) throws IOException {
    if (response.statusCode() / 100 != 2) {
      String said = response.body().strip();
      throw new IOException(
          "%s answers %d: %s"
              .formatted(
                  response.uri().getPath(),
                  response.statusCode(),
                  said.length() > 300 ? said.substring(0, 300) + "…" : said));
    }
    try {
      return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
    } catch (JsonProcessingException e) {
      throw new IOException("%s answers what is no JSON".formatted(response.uri().getPath()), e);
    }
  }
}
