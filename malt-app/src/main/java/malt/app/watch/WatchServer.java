package malt.app.watch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import malt.ConfigException;
import malt.Interruption;
import malt.MaltException;
import malt.app.run.Benchmarks;
import malt.experiment.ExperimentConfig;
import malt.experiment.GrowingTrees;
import malt.experiment.RunDirectory;
import malt.report.HtmlReport;
import org.jspecify.annotations.Nullable;

/**
 * Shows a run to browsers on this machine: a page, its events, and trees on demand. Nothing in the
 * run's directory is changed, and nothing is read while nobody looks.
 */
public final class WatchServer implements AutoCloseable {
  /** Where it listens if it is not told otherwise. */
  public static final int PORT = 8642;

  private static final int POLL_MILLIS = 1000;
  private static final int SIGN_OF_LIFE_MILLIS = 15_000;
  private static final int PAGE = 50; // trees of a list
  private static final String LOCAL_HOST = "(?i)(localhost|127\\.[0-9.]+|\\[::1])(:\\d+)?";
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:";
  private static final String PLAIN = type("plain");
  private static final List<String> FILES =
      List.of("watch.html", "watch.css", "watch.js", "chart.js", "trees.js");

  private final HttpServer server;
  private final ExecutorService threads;
  private final Topics topics = new Topics();
  private final RunState state;

  private WatchServer(Path root, int port) {
    ExperimentConfig config = RunDirectory.readConfig(root);
    try (RunDirectory run = RunDirectory.view(root)) {
      GrowingTrees trees = new GrowingTrees(config, run.layout(), Benchmarks.kept(config, run));
      this.state = new RunState(trees, new TreeIndex(trees));
    }
    this.server = bind(port);
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "watch");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    threads.execute(this::follow);
  }

  /**
   * Shows the run in a directory until closed.
   *
   * @param port 0 for any free one
   * @throws ConfigException if the directory is not that of a run
   * @throws MaltException if the port cannot be used
   */
  public static WatchServer start(Path root, int port) {
    return new WatchServer(root, port);
  }

  private static HttpServer bind(int port) {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new MaltException(
          "cannot listen at port %d of this machine: %s; choose another one, or 0 for any that is free"
              .formatted(port, e.getMessage()),
          e);
    }
  }

  /** Where the page is. */
  public String url() {
    return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
  }

  /** Looks at the run again and again while somebody watches. */
  private void follow() {
    try {
      while (topics.awaitWatcher()) {
        try {
          topics.publish(state.look());
          topics.publish(Map.of("trouble", Json.of("")));
          state.readSome();
        } catch (MaltException e) { // a file may be between two states; the next look shows
          topics.publish(Map.of("trouble", Json.of(String.valueOf(e.getMessage()))));
        } catch (RuntimeException e) { // a mistake of this program, which the page must not hide
          topics.publish(Map.of("trouble", Json.of("unexpected: " + e)));
        }
        if (!state.busy()) {
          Thread.sleep(POLL_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        route(exchange);
      } catch (IllegalArgumentException e) {
        send(exchange, 400, PLAIN, "The query cannot be read: " + e.getMessage());
      } catch (MaltException e) {
        send(exchange, 500, PLAIN, String.valueOf(e.getMessage()));
      }
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
    String path = exchange.getRequestURI().getPath();
    if (!host.matches(LOCAL_HOST)) { // a page of another site, under a name that points here
      send(exchange, 403, PLAIN, "This page answers to local names alone.");
      return;
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      send(exchange, 405, PLAIN, "This is asked with GET.");
      return;
    }
    switch (path) {
      case "/events" -> events(exchange);
      case "/trees" -> found(exchange, query(exchange.getRequestURI().getRawQuery()));
      case "/tree" -> tree(exchange, query(exchange.getRequestURI().getRawQuery()));
      case "/palette.css" -> send(exchange, 200, type("css"), HtmlReport.palette());
      default -> file(exchange, path.equals("/") ? "watch.html" : path.substring(1));
    }
  }

  private static void file(HttpExchange exchange, String name) throws IOException {
    if (!FILES.contains(name)) {
      send(exchange, 404, PLAIN, "There is nothing at /%s.".formatted(name));
      return;
    }
    try (InputStream in = WatchServer.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing");
      }
      String type = type(name.substring(name.lastIndexOf('.') + 1));
      send(exchange, 200, type, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String type(String ending) {
    return "text/%s; charset=utf-8".formatted(ending.equals("js") ? "javascript" : ending);
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /** Every part of the run, and from then on each that changes, until the browser leaves. */
  private void events(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    topics.watcherCame();
    try (OutputStream out = exchange.getResponseBody()) {
      long seen = 0;
      while (!topics.closed()) {
        StringBuilder text = new StringBuilder();
        for (Topics.Topic topic : topics.after(seen, SIGN_OF_LIFE_MILLIS)) {
          seen = topic.version();
          text.append("data: {\"part\":").append(Json.of(topic.name()));
          text.append(",\"is\":").append(topic.text()).append("}\n\n");
        }
        out.write((text.isEmpty() ? ":\n\n" : text.toString()).getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      topics.watcherLeft();
    }
  }

  /** A tree in a list. */
  private record Listed(
      long seed,
      String round,
      String trees,
      String id,
      String question,
      @Nullable Double value,
      boolean complete,
      long harmed,
      long helped) {
    private static Listed of(TreeIndex.Entry entry) {
      return new Listed(
          entry.group().seed(),
          entry.group().round().name(),
          entry.group().trees().round(),
          entry.problem().id(),
          entry.problem().question(),
          entry.value(),
          entry.facts().complete() > 0,
          entry.facts().harmed(),
          entry.facts().helped());
    }
  }

  private void found(HttpExchange exchange, Map<String, String> query) throws IOException {
    String turned = query.getOrDefault("turned", "").toUpperCase(Locale.ROOT);
    List<TreeIndex.Entry> found =
        state
            .index()
            .find(
                new TreeIndex.Query(
                    Optional.ofNullable(query.get("seed")).map(Long::valueOf),
                    query.getOrDefault("round", ""),
                    query.getOrDefault("text", ""),
                    Double.parseDouble(query.getOrDefault("least", "0")),
                    Double.parseDouble(query.getOrDefault("most", "1")),
                    turned.isEmpty() ? null : SeenNode.Turned.valueOf(turned)));
    int from =
        Math.min(found.size(), Math.max(0, Integer.parseInt(query.getOrDefault("from", "0"))));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("total", found.size());
    List<Listed> rows = new ArrayList<>();
    found
        .subList(from, Math.min(found.size(), from + PAGE))
        .forEach(entry -> rows.add(Listed.of(entry)));
    page.put("trees", rows);
    send(exchange, 200, "application/json", Json.of(page));
  }

  private void tree(HttpExchange exchange, Map<String, String> query) throws IOException {
    String tree =
        state
            .index()
            .group(
                Long.parseLong(query.getOrDefault("seed", "")),
                query.getOrDefault("round", ""),
                query.getOrDefault("trees", ""))
            .map(group -> state.tree(group, query.getOrDefault("id", "")))
            .orElse(null);
    if (tree == null) {
      send(exchange, 404, PLAIN, "There is no such tree.");
    } else {
      send(exchange, 200, "application/json", tree);
    }
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int end = pair.indexOf('=');
      if (end > 0) {
        query.put(
            pair.substring(0, end),
            URLDecoder.decode(pair.substring(end + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  @Override
  public void close() {
    topics.close();
    server.stop(0);
    Interruption.finish(threads);
  }
}
