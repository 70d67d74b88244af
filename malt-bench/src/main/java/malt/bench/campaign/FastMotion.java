package malt.bench.campaign;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import malt.app.serve.MaltServer;
import malt.app.serve.ServeSettings;
import malt.app.team.TeamSession;
import malt.app.tool.TrainingRows;
import malt.bench.Launcher;
import malt.experiment.ExperimentConfig;
import malt.model.AdapterRef;
import malt.torch.local.LocalModel;
import malt.torch.training.LoraTrainer;
import malt.torch.training.TrainingResources;
import malt.training.LoraSettings;
import malt.training.OptimizerSettings;
import malt.training.SftSettings;
import malt.training.TrainingJob;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A long day of training, serving and restarting in one process, whose memory must stay flat. */
@Command(
    name = "campaign.FastMotion",
    mixinStandardHelpOptions = true,
    description = {
      "Trains an adapter, starts a server with it, asks that server and another that stays, and",
      "stops the former, a case each, all in one process on the embedded model. From the middle",
      "of the cases to their end neither heap, memory, native objects, threads nor handles may",
      "become more; 1,000 cases are 10,000 steps, 100,000 answers and 1,000 restarts."
    })
public final class FastMotion extends Campaign {
  private static final int SHARE = 10; // of the cases are measured together, a tenth
  private static final int ROWS = 2; // of a step
  private static final int AT_ONCE = 16; // requests

  /**
   * What the second half of the cases may add: noise of the collector, the compiler and malloc; and
   * the client keeps a thread and both ends of a connection for each request at once, or fewer.
   */
  private static final Holdings NOISE = new Holdings(4 << 20, 96L << 20, 0, AT_ONCE, 2 * AT_ONCE);

  private static final int ASKED_AFTER_START = 2;
  private static final int TEAM_EVERY = 10; // requests; the others ask the base
  private static final LoraSettings LORA =
      new LoraSettings(4, 8, false, List.of("q_proj", "v_proj", "down_proj"));

  @Option(names = "--steps", description = "of training in each case; default: ${DEFAULT-VALUE}")
  private int steps = 10;

  @Option(names = "--answers", description = "of each case; default: ${DEFAULT-VALUE}")
  private int answers = 100;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Holdings> held = new ArrayList<>();
  private Path folder = Path.of("");
  private @Nullable ExperimentConfig config;
  private @Nullable LocalModel model;
  private @Nullable TeamSession session;
  private @Nullable MaltServer server;
  private long trained;
  private long answered;

  FastMotion() {
    super(1_000);
  }

  /** With other than ten steps and a hundred answers a case. */
  FastMotion(int steps, int answers) {
    this();
    this.steps = steps;
    this.answers = answers;
  }

  public static void main(String[] arguments) {
    Launcher.launch(new FastMotion(), arguments);
  }

  @Override
  void begin(Path place) throws IOException {
    folder = place.toAbsolutePath();
    Path home = MaltProgram.home();
    Path nano = home.resolve("models/nano");
    config =
        ExperimentConfig.read(home.resolve("configs/nano.yaml"), List.of("model.path=" + nano));
    model = LocalModel.open(nano);
    session = TeamSession.ofAdapters(config, Map.of());
    server = serve(session);
  }

  private static MaltServer serve(TeamSession session) {
    return MaltServer.start(
        new ServeSettings("127.0.0.1", 0, "", 100_000, 16, 16 * AT_ONCE, 60), session);
  }

  @Override
  void check(long caseSeed) throws IOException, BrokenPromise {
    Path adapter = train(caseSeed);
    restart(adapter, caseSeed);
    remove(adapter);
    ask(Objects.requireNonNull(server).url(), caseSeed, answers - ASKED_AFTER_START);
    held.add(Holdings.now());
  }

  private Path train(long caseSeed) throws IOException {
    LocalModel base = Objects.requireNonNull(model);
    Path data = folder.resolve("examples.jsonl");
    StringBuilder rows = new StringBuilder();
    for (long row = 0; row < (long) steps * ROWS; row++) {
      rows.append(
          "{\"prompt\": \"%d + %d ?\", \"completion\": \"It is %d.\"}%n"
              .formatted(caseSeed % 50, row, caseSeed % 50 + row));
    }
    Files.writeString(data, rows, StandardCharsets.UTF_8);
    TrainingJob job =
        new TrainingJob(
            "fast",
            new SftSettings(OptimizerSettings.of(1e-4, ROWS, 1)),
            data,
            AdapterRef.BASE,
            LORA,
            caseSeed,
            folder.resolve("adapter"));
    new LoraTrainer(
            base.base(), base.lora(), new TrainingRows(base), new TrainingResources(2048, false), 1)
        .train(List.of(job), (same, step) -> trained++);
    return job.output();
  }

  /** A server of its own on a base that it opens, and whose verifier has just been trained. */
  private void restart(Path adapter, long caseSeed) throws BrokenPromise {
    try (TeamSession team =
            TeamSession.ofAdapters(Objects.requireNonNull(config), Map.of("verifier", adapter));
        MaltServer restarted = serve(team)) {
      ask(restarted.url(), caseSeed, ASKED_AFTER_START);
    }
  }

  private void ask(String url, long caseSeed, int count) throws BrokenPromise {
    for (int first = 0; first < count; first += AT_ONCE) {
      List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
      for (int i = first; i < Math.min(count, first + AT_ONCE); i++) {
        asked.add(http.sendAsync(request(url, caseSeed, i), HttpResponse.BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> each : asked) {
        HttpResponse<String> response = each.join();
        if (response.statusCode() != 200) {
          throw new BrokenPromise(
              "answered %d: %s".formatted(response.statusCode(), response.body()));
        }
        answered++;
      }
    }
  }

  private static HttpRequest request(String url, long caseSeed, int number) {
    String body =
        """
        {"model": "%s", "max_tokens": 8, "seed": %d, "stream": %b, "messages": [{"role": "user",
         "content": "Tom has %d apples and buys %d more. How many does he have ?"}]}\
        """
            .formatted(
                number % TEAM_EVERY == 0 ? "team" : "base",
                caseSeed,
                number % 2 == 0,
                number,
                caseSeed % 100);
    return HttpRequest.newBuilder(URI.create(url + "/chat/completions"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  @Override
  void end() {
    if (server != null) {
      server.close();
    }
    if (session != null) {
      session.close();
    }
    if (model != null) {
      model.close();
    }
  }

  @Override
  void judge() throws BrokenPromise {
    if (held.size() > 1 && !growth().within(NOISE)) {
      throw new BrokenPromise("the second half of the cases added " + growth());
    }
  }

  /** From the tenth of the cases after the middle to the last tenth. */
  private Holdings growth() {
    int share = Math.max(1, held.size() / SHARE);
    int middle = held.size() / 2;
    return Holdings.median(held.subList(held.size() - share, held.size()))
        .since(Holdings.median(held.subList(middle, Math.min(held.size(), middle + share))));
  }

  @Override
  String figure() {
    return held.isEmpty()
        ? "nothing was done"
        : "%d steps, %d answers, %d restarts; at the end %s; since the middle %s"
            .formatted(trained, answered, held.size(), held.get(held.size() - 1), growth());
  }
}
