package malt.bench.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import malt.bench.Launcher;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whole runs on a server behind a proxy that breaks connections at random. */
@Command(
    name = "campaign.BrokenConnections",
    mixinStandardHelpOptions = true,
    description = {
      "Runs malt-bench/campaigns/remote.yaml, a case each, behind a proxy that breaks connections",
      "in either direction at any byte, and compares each run bit for bit with one whose",
      "connections were not broken. The server loads what the run trains, through the proxy too."
    })
public final class BrokenConnections extends Campaign {
  private static final int QUESTIONS = 10; // of each file
  private static final List<String> SPLITS = List.of("train", "dev", "test");

  @Option(
      names = "--bytes",
      description = "mean life of a connection, two requests' or so; default: ${DEFAULT-VALUE}")
  private int bytes = 2_000;

  private Path folder = Path.of("");
  private @Nullable StandInServer server;
  private @Nullable BreakingProxy proxy;
  private @Nullable TinyRun expected;

  BrokenConnections() {
    super(20);
  }

  public static void main(String[] arguments) {
    Launcher.launch(new BrokenConnections(), arguments);
  }

  @Override
  void begin(Path place) throws Exception {
    folder = place.toAbsolutePath();
    for (int i = 0; i < SPLITS.size(); i++) {
      StandInServer.writeQuestions(file(SPLITS.get(i)), i * QUESTIONS, QUESTIONS);
    }
    server = new StandInServer();
    proxy = new BreakingProxy(server.port());
    TinyRun whole = run(proxy);
    whole.remember();
    remove(whole.place());
    expected = whole;
  }

  @Override
  void check(long caseSeed) throws Exception {
    BreakingProxy breaking = Objects.requireNonNull(proxy);
    breaking.breaking(bytes, caseSeed);
    TinyRun run = run(breaking);
    run.requireSame(Objects.requireNonNull(expected));
    remove(run.place());
  }

  /** All in one place, by which adapters are called at the server. */
  private TinyRun run(BreakingProxy through)
      throws IOException, InterruptedException, BrokenPromise {
    Path config = MaltProgram.home().resolve("malt-bench/campaigns/remote.yaml");
    TinyRun run = new TinyRun(config, folder.resolve("remote"));
    List<String> settings = new ArrayList<>(List.of("--set", "remote.server.url=" + through.url()));
    for (String split : SPLITS) {
      settings.addAll(List.of("--set", "problems.%s_file=%s".formatted(split, file(split))));
    }
    run.finish(run.start(settings.toArray(String[]::new)));
    return run;
  }

  private Path file(String split) {
    return folder.resolve(split + ".jsonl");
  }

  @Override
  void end() throws IOException {
    if (proxy != null) {
      proxy.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Override
  String figure() {
    BreakingProxy through = Objects.requireNonNull(proxy);
    return "%d of %d connections broken".formatted(through.broken(), through.connections());
  }
}
