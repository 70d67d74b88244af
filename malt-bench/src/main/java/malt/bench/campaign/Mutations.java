package malt.bench.campaign;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import malt.bench.Launcher;
import malt.bench.PeakMemory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Changed inputs for everything that reads what others wrote, in a process that may not die. */
@Command(
    name = "campaign.Mutations",
    mixinStandardHelpOptions = true,
    description = {
      "Gives each reader inputs that are damaged, one a case: weights, configurations, tokenizers,",
      "templates, data, journals, requests, servers' answers. Each must be read or refused by"
          + " name,",
      "in time, in bounded memory, and without an end of the JVM."
    })
public final class Mutations extends Campaign {
  private static final long DEADLINE_SECONDS = 120; // for one input, on the busiest of machines
  private static final long READY_SECONDS = 900;
  private static final long MOST_MEMORY = 2L << 30; // bytes, resident: heap, LibTorch, DuckDB
  private static final String HEAP = "-Xmx512m";

  private final Map<String, long[]> counts = new TreeMap<>(); // read and refused, by reader
  private final ExecutorService reading = Executors.newSingleThreadExecutor();
  private Path folder = Path.of("");
  private long peak;
  private @Nullable Child child;

  /** The process at work. */
  private record Child(Process process, BufferedReader out, PrintWriter in, PeakMemory memory) {}

  Mutations() {
    super(100_000);
  }

  public static void main(String[] arguments) {
    Launcher.launch(new Mutations(), arguments);
  }

  @Override
  void begin(Path place) {
    folder = place;
  }

  @Override
  void check(long caseSeed) throws IOException, InterruptedException, BrokenPromise {
    Child at = child == null ? start() : child;
    child = at;
    at.in().println(caseSeed);
    at.in().flush();
    String[] said = answer(at, DEADLINE_SECONDS).split("\t", 3);
    counts.computeIfAbsent(said[1], name -> new long[2])[said[0].equals("read") ? 0 : 1]++;
    if (said[0].equals("broken")) {
      throw new BrokenPromise(said[1] + ": " + said[2]);
    }
    if (caseSeed % 64 == 0) {
      at.memory().look();
    }
  }

  private Child start() throws IOException, InterruptedException {
    List<String> command = MaltProgram.java(ReaderProcess.class, HEAP);
    command.add(folder.resolve("reading-" + System.nanoTime()).toString());
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("reading.log").toFile()))
            .start();
    Child started =
        new Child(
            process,
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
            new PrintWriter(process.getOutputStream(), false, StandardCharsets.UTF_8),
            new PeakMemory(process.toHandle()));
    try {
      answer(started, READY_SECONDS);
    } catch (BrokenPromise e) {
      throw new IOException("it cannot begin: " + e.getMessage(), e);
    }
    return started;
  }

  /** The next line that is an answer; without one the process is given up. */
  private String answer(Child at, long seconds)
      throws IOException, InterruptedException, BrokenPromise {
    Future<@Nullable String> line = reading.submit(() -> next(at.out()));
    try {
      String answer = line.get(seconds, TimeUnit.SECONDS);
      if (answer != null) {
        return answer;
      }
      stop(at);
      throw new BrokenPromise(
          "the JVM ended with status %d; see hs_err and reading.log in %s"
              .formatted(at.process().exitValue(), folder));
    } catch (TimeoutException e) {
      stop(at);
      throw new BrokenPromise("no answer within %d s".formatted(seconds));
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  private static @Nullable String next(BufferedReader out) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(ReaderProcess.MARK)) {
        return line.substring(ReaderProcess.MARK.length());
      }
    }
    return null;
  }

  private void stop(Child at) throws InterruptedException {
    at.memory().look();
    peak = Math.max(peak, at.memory().bytes());
    at.process().destroyForcibly().waitFor();
    child = null;
  }

  @Override
  void end() throws InterruptedException {
    if (child != null) {
      stop(child);
    }
    reading.shutdownNow();
  }

  @Override
  void judge() throws BrokenPromise {
    counts.forEach(
        (name, count) ->
            System.out.printf(
                Locale.ROOT, "  %-28s %7d read, %7d refused%n", name, count[0], count[1]));
    if (peak > MOST_MEMORY) {
      throw new BrokenPromise("%d MB were held at most".formatted(peak >> 20));
    }
  }

  @Override
  String figure() {
    long read = counts.values().stream().mapToLong(count -> count[0]).sum();
    long refused = counts.values().stream().mapToLong(count -> count[1]).sum();
    return "%d inputs of %d kinds, %d read, %d refused, %d MB at most"
        .formatted(read + refused, counts.size(), read, refused, peak >> 20);
  }
}
