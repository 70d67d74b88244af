package malt.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * {@code malt serve} on the embedded model, in a process of its own, under 1, 8, 32 and 200 clients
 * that each send the next request when the last is answered. Half of the requests ask the team
 * (three calls of the model), half the base. Arguments: seconds a level (120), and the levels.
 *
 * <p>Every answer is checked against what its own question was answered by one client alone. Lost:
 * no answer, or an error. Mixed up: another question's prompt or answer. Other words: neither,
 * where the company has changed a last bit and so a token. Live is what a full collection leaves of
 * the server's heap after a level; RSS, the median of each quarter of a level, has all of the heap
 * in it from the start, so that what grows is native.
 */
public final class ServeLoad {
  private static final int QUESTIONS = 64;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final long process;
  private final List<Reply> expected = new ArrayList<>();

  /** What a question is answered; ids of the prompt where one call of the model was made. */
  private record Reply(String prompt, String text, long tokens) {}

  private ServeLoad(String url, long process) {
    this.url = url;
    this.process = process;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 120;
    int[] levels =
        arguments.length > 1
            ? Arrays.stream(arguments).skip(1).mapToInt(Integer::parseInt).toArray()
            : new int[] {1, 8, 32, 200};
    Process server = start();
    try {
      ServeLoad load = new ServeLoad(address(server), server.pid());
      load.learn();
      System.out.printf(
          "%7s %8s %8s %8s %8s %8s %10s %5s %6s %6s %8s  %s%n",
          "clients",
          "answers",
          "p50 ms",
          "p90 ms",
          "p99 ms",
          "max ms",
          "tokens/s",
          "lost",
          "mixed",
          "other",
          "live MB",
          "RSS MB by quarter");
      for (int clients : levels) {
        load.measure(clients, seconds);
      }
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  /** With this process' own options, of which the last heap sizes count. */
  private static Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-Xms512m",
            "-Xmx512m",
            "-XX:+AlwaysPreTouch",
            "-cp",
            System.getProperty("java.class.path")));
    command.add("malt.app.cli.Malt");
    command.addAll(List.of("serve", "--model", "models/nano", "--port", "0"));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String address(Process server) throws IOException {
    BufferedReader out = server.inputReader();
    String said = "";
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said = line;
      if (line.startsWith("listening: ")) {
        return line.substring("listening: ".length());
      }
    }
    throw new IOException("the server ended: " + said);
  }

  /** The answers of one client alone. */
  private void learn() throws IOException, InterruptedException {
    for (int question = 0; question < QUESTIONS; question++) {
      expected.add(ask(question));
    }
  }

  private Reply ask(int question) throws IOException, InterruptedException {
    boolean team = question % 2 == 0;
    String body =
        """
        {"model": "%s", "seed": %d, "temperature": 0.7, "max_tokens": 64,
         "return_token_ids": true, "messages": [{"role": "user",
          "content": "Tom has %d apples and buys %d more. How many apples does he have ?"}]}"""
            .formatted(team ? "team" : "base", question, question + 100, 7 * question + 3);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/chat/completions"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofMinutes(5))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + ": " + response.body());
    }
    JsonNode json = JSON.readTree(response.body());
    return new Reply(
        team ? "" : json.path("prompt_token_ids").toString(),
        json.at("/choices/0/message/content").asText(),
        json.at("/usage/completion_tokens").asLong());
  }

  private void measure(int clients, int seconds) throws InterruptedException, IOException {
    List<Long> nanos = new ArrayList<>();
    LongAdder tokens = new LongAdder();
    LongAdder lost = new LongAdder();
    LongAdder mixed = new LongAdder();
    LongAdder other = new LongAdder();
    AtomicInteger next = new AtomicInteger();
    ServerMemory memory = new ServerMemory(process);
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    for (int client = 0; client < clients; client++) {
      threads.execute(
          () -> {
            while (System.nanoTime() < end) {
              int question = Math.floorMod(next.getAndIncrement(), QUESTIONS);
              long asked = System.nanoTime();
              try {
                Reply reply = ask(question);
                tokens.add(reply.tokens());
                synchronized (nanos) {
                  nanos.add(System.nanoTime() - asked);
                }
                check(question, reply, mixed, other);
              } catch (IOException e) {
                lost.increment();
                System.err.println(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
              }
            }
          });
    }
    threads.shutdown();
    if (!threads.awaitTermination(seconds + 600L, TimeUnit.SECONDS)) {
      throw new IOException("clients still wait");
    }
    double elapsed = (System.nanoTime() - start) / 1e9;
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "%7d %8d %8.0f %8.0f %8.0f %8.0f %10.0f %5d %6d %6d %8d  %s%n",
        clients,
        sorted.length,
        at(sorted, 0.5),
        at(sorted, 0.9),
        at(sorted, 0.99),
        at(sorted, 1),
        tokens.sum() / elapsed,
        lost.sum(),
        mixed.sum(),
        other.sum(),
        memory.liveHeap(),
        memory.quarters());
    memory.close();
  }

  private void check(int question, Reply reply, LongAdder mixed, LongAdder other) {
    Reply own = expected.get(question);
    if (!reply.prompt().equals(own.prompt())) {
      mixed.increment();
    } else if (!reply.text().equals(own.text())) {
      boolean others =
          expected.stream().map(Reply::text).anyMatch(text -> text.equals(reply.text()));
      (others ? mixed : other).increment();
    }
  }

  /** Milliseconds at a share of the sorted times. */
  private static double at(long[] sorted, double share) {
    int index = (int) Math.ceil(share * sorted.length) - 1;
    return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, index)] / 1e6;
  }
}
