package malt.app.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.MaltException;
import malt.experiment.ToyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a stream waits on
class WatchServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> get(WatchServer server, String path) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode json(WatchServer server, String path) throws IOException {
    HttpResponse<String> response = get(server, path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  /** The events of a server as a browser gets them, and the parts as they are by the last one. */
  private final class Events implements AutoCloseable {
    private final Stream<String> lines;
    private final Iterator<String> next;
    private final Map<String, JsonNode> parts = new HashMap<>();
    private final Set<String> changed = new HashSet<>();

    Events(WatchServer server) throws IOException, InterruptedException {
      HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "events")).build();
      HttpResponse<Stream<String>> response =
          client.send(request, HttpResponse.BodyHandlers.ofLines());
      assertThat(response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      lines = response.body();
      next = lines.iterator();
    }

    /** A part once it is as wanted, which it may be already. */
    JsonNode await(String part, Predicate<JsonNode> wanted) throws IOException {
      while (!parts.containsKey(part) || !wanted.test(parts.get(part))) {
        String line = next.next();
        if (line.startsWith("data: ")) {
          JsonNode event = JSON.readTree(line.substring("data: ".length()));
          parts.put(event.get("part").asText(), event.get("is"));
          changed.add(event.get("part").asText());
        }
      }
      return parts.get(part);
    }

    @Override
    public void close() {
      lines.close();
    }
  }

  private static Predicate<JsonNode> complete(int trees) {
    return rounds -> rounds.at("/0/complete").asInt() == trees;
  }

  @Test
  void a_browser_is_told_what_there_is_and_then_what_changes() throws Exception {
    Path run = folder.resolve("run");
    ToyRun.go(run, ToyRun.HALF_THE_TREES);
    try (WatchServer server = WatchServer.start(run, 0);
        Events events = new Events(server)) {
      JsonNode rounds = events.await("rounds", complete(2));
      events.await("trouble", said -> said.asText().isEmpty());
      assertThat(events.changed).contains("about", "progress", "plan", "reading", "measured");
      assertThat(rounds.at("/0/turns/1/judging/right").asInt()).isPositive();
      assertThat(rounds.at("/0/turns/0/entropy").asDouble()).isPositive();
      assertThat(rounds.at("/0/turns/2/histogram")).hasSize(10);

      events.changed.clear();
      ToyRun.go(run, -1);
      JsonNode results = events.await("results", all -> all.size() > 3);
      assertThat(results.findValuesAsText("name")).contains("SA", "MALT+MV");
      assertThat(events.changed).contains("progress", "plan").doesNotContain("about", "measured");
      JsonNode curve =
          events.await("curve 1 joint verifier dpo", steps -> steps.get("over").asBoolean());
      assertThat(curve.at("/metrics").fieldNames())
          .toIterable()
          .contains("loss", "rewards/margins", "logps/rejected");
      rounds = events.await("rounds", complete(4).and(all -> !all.at("/0/sets").isEmpty()));
      assertThat(rounds.at("/0/sets/verifier/pairs").asInt()).isPositive();
    }
  }

  @Test
  void a_finished_run_tells_its_stages_warnings_and_plan() throws Exception {
    Path run = folder.resolve("run");
    ToyRun.go(run, 2);
    ToyRun.go(run, -1);
    try (WatchServer server = WatchServer.start(run, 0);
        Events events = new Events(server)) {
      JsonNode progress = events.await("progress", all -> true);
      assertThat(progress.get("state").asText()).isEqualTo("finished");
      assertThat(progress.get("attempts").asInt()).isEqualTo(2);
      assertThat(progress.get("stages").findValuesAsText("name"))
          .contains("collect joint", "train joint sft", "evaluate MALT")
          .doesNotHaveDuplicates();
      assertThat(progress.at("/warnings/0/sentence").asText()).isEqualTo("this is a toy");
      assertThat(progress.at("/warnings/0/times").asInt()).isEqualTo(2);
      JsonNode plan = events.await("plan", all -> true);
      assertThat(plan.findValuesAsText("name"))
          .containsExactly(
              "trees",
              "generator sft",
              "verifier sft",
              "refiner sft",
              "verifier dpo",
              "refiner dpo",
              "evaluation");
      assertThat(plan.findValuesAsText("state")).containsOnly("done");
    }
  }

  @Test
  void trees_are_found_by_question_value_and_disagreement() throws Exception {
    Path run = folder.resolve("run");
    ToyRun.go(run, -1);
    try (WatchServer server = WatchServer.start(run, 0);
        Events events = new Events(server)) {
      events.await("rounds", complete(4));
      JsonNode all = json(server, "trees");
      assertThat(all.get("total").asInt()).isEqualTo(4);
      String id = all.at("/trees/2/id").asText();
      assertThat(json(server, "trees?text=" + id).at("/trees/0/id").asText()).isEqualTo(id);
      assertThat(json(server, "trees?text=nothing+like+it").get("total").asInt()).isZero();
      List<String> half = json(server, "trees?most=0.5").findValuesAsText("value");
      assertThat(half)
          .isNotEmpty()
          .allSatisfy(v -> assertThat(Double.parseDouble(v)).isLessThanOrEqualTo(0.5));
      assertThat(json(server, "trees?least=0.51").get("total").asInt() + half.size()).isEqualTo(4);
      JsonNode wrong = json(server, "trees?turned=wrong");
      assertThat(wrong.get("trees")).isNotEmpty();

      JsonNode found = wrong.at("/trees/0");
      JsonNode tree =
          json(server, "tree?seed=1&round=joint&trees=joint&id=" + found.get("id").asText());
      assertThat(tree.get("nodes")).hasSize(3 + 3 * 2 + 3 * 2 * 2);
      JsonNode critique = null;
      for (JsonNode node : tree.get("nodes")) {
        critique = node.get("turned").asText().equals("wrong") ? node : critique;
      }
      assertThat(critique).isNotNull();
      assertThat(critique.get("turn").asText()).isEqualTo("verifier");
      int answer = critique.at("/path/0").asInt();
      assertThat(tree.get("nodes"))
          .filteredOn(node -> node.get("path").size() == 1)
          .filteredOn(node -> node.at("/path/0").asInt() == answer)
          .allMatch(node -> node.get("grade").asText().equals("correct"));
      assertThat(json(server, "trees").findValuesAsText("helped")).hasSize(4);
    }
  }

  @Test
  void pairs_point_at_nodes_of_the_tree() throws Exception {
    Path run = folder.resolve("run");
    ToyRun.go(run, -1);
    try (WatchServer server = WatchServer.start(run, 0);
        Events events = new Events(server)) {
      events.await("rounds", complete(4));
      int pairs = 0;
      for (String id : json(server, "trees").findValuesAsText("id")) {
        JsonNode tree = json(server, "tree?seed=1&round=joint&trees=joint&id=" + id);
        List<String> paths =
            tree.get("nodes").findValues("path").stream().map(JsonNode::toString).toList();
        for (JsonNode pair : tree.get("pairs")) {
          pairs++;
          assertThat(paths)
              .contains(pair.get("chosen").toString(), pair.get("rejected").toString());
        }
      }
      assertThat(pairs).isPositive();
    }
  }

  @Test
  void what_is_not_there_and_whoever_is_not_local_is_refused() throws Exception {
    Path run = folder.resolve("run");
    ToyRun.go(run, 1);
    try (WatchServer server = WatchServer.start(run, 0)) {
      assertThat(get(server, "").body()).contains("<title>MALT</title>");
      assertThat(get(server, "watch.js").headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'"));
      assertThat(get(server, "package-info.class").statusCode()).isEqualTo(404);
      assertThat(get(server, "../cli/Malt.class").statusCode()).isEqualTo(404);
      assertThat(get(server, "tree?seed=1&round=joint&trees=joint&id=none").statusCode())
          .isEqualTo(404);
      assertThat(get(server, "trees?least=much").statusCode()).isEqualTo(400);
      assertThat(asked(server, "other.example")).startsWith("HTTP/1.1 403");
      assertThat(asked(server, "localhost:1")).startsWith("HTTP/1.1 200");
      assertThatThrownBy(() -> WatchServer.start(run, URI.create(server.url()).getPort()))
          .isInstanceOf(MaltException.class)
          .hasMessageContaining("cannot listen at port");
    }
    assertThatThrownBy(() -> WatchServer.start(folder, 0))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is not a run directory");
  }

  /** The first line of the answer to a request that says it is for that host. */
  private static String asked(WatchServer server, String host) throws IOException {
    URI url = URI.create(server.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort());
        OutputStream out = socket.getOutputStream()) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
      out.write(
          "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(host)
              .getBytes(StandardCharsets.UTF_8));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .readLine();
    }
  }
}
