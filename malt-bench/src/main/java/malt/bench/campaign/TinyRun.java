package malt.bench.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import malt.app.cli.Malt;
import malt.experiment.RunContents;
import malt.problem.KeptProblems;
import malt.problem.Problem;

/** {@code malt run} by a configuration of malt-bench/campaigns, in processes of its own. */
final class TinyRun {
  private static final String NAME = "run";

  private final Path config;
  private final Path place;
  private long work; // nanoseconds from the first change of the seed's directory to the end
  private List<String> order = List.of(); // files, the earliest first
  private Map<String, String> made = Map.of();

  TinyRun(Path config, Path place) {
    this.config = config;
    this.place = place;
  }

  /** The configurations, by name. */
  static List<Path> configs() throws IOException {
    try (Stream<Path> files =
        Files.list(MaltProgram.home().resolve("malt-bench/campaigns/kills"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** One that nobody disturbs. */
  static TinyRun undisturbed(Path config, Path place)
      throws IOException, InterruptedException, BrokenPromise {
    TinyRun run = new TinyRun(config, place);
    Process process = run.start();
    run.awaitWork(process, 0);
    long start = System.nanoTime();
    run.finish(process);
    run.work = System.nanoTime() - start;
    run.remember();
    return run;
  }

  /** Keeps in mind what it made, for others to be compared with. */
  void remember() throws IOException {
    order = files();
    made = contents(directory());
  }

  Path place() {
    return place;
  }

  Path directory() {
    return place.resolve(NAME);
  }

  private Path log() {
    return place.resolve("log");
  }

  /** How long it worked, in nanoseconds, the start of its JVM aside. */
  long work() {
    return work;
  }

  /** Starts it; what it says is appended to its log. */
  Process start(String... more) throws IOException {
    Files.createDirectories(place);
    return MaltProgram.start(log(), command(more));
  }

  /** What starts it. */
  List<String> command(String... more) {
    List<String> command = MaltProgram.brief(Malt.class);
    command.addAll(List.of("run", "--config", config.toString(), "--runs", place.toString()));
    command.addAll(List.of("--name", NAME));
    command.addAll(List.of(more));
    return command;
  }

  void finish(Process process) throws IOException, InterruptedException, BrokenPromise {
    int exit = MaltProgram.finish(process, log());
    if (exit != 0) {
      throw new BrokenPromise(
          "%s ended with status %d: %s".formatted(place, exit, lastLine(log())));
    }
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
  }

  /**
   * Returns when the process has changed something below the seed's directory, or ended.
   *
   * @param before {@link #state} when it was started
   */
  void awaitWork(Process process, int before) throws IOException, InterruptedException {
    while (process.isAlive() && state() == before) {
      process.waitFor(10, TimeUnit.MILLISECONDS);
    }
  }

  /** Changes when a file below the seed's directory does. */
  int state() throws IOException {
    Path seed = directory().resolve("seed-1");
    if (!Files.isDirectory(seed)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(seed)) {
      return files
          .map(Path::toFile)
          .mapToInt(file -> Objects.hash(file.getName(), file.length(), file.lastModified()))
          .sum();
    }
  }

  /** Makes every file so much older, or newer, as if the clock had been set since. */
  void moveTimes(Duration by) throws IOException {
    try (Stream<Path> files = Files.walk(directory())) {
      for (Path file : files.toList()) {
        Instant now = Files.getLastModifiedTime(file).toInstant();
        Files.setLastModifiedTime(file, FileTime.from(now.plus(by)));
      }
    }
  }

  /** Its files that are complete, in the order in which they were made. */
  private List<String> files() throws IOException {
    Map<String, Long> times = new HashMap<>();
    try (Stream<Path> all = Files.walk(directory())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        times.put(
            directory().relativize(file).toString(), Files.getLastModifiedTime(file).toMillis());
      }
    }
    return times.keySet().stream()
        .sorted(Comparator.<String, Long>comparing(times::get).thenComparing(name -> name))
        .toList();
  }

  /** What another run of the same configuration was at: by the first file that it lacks. */
  String due(TinyRun other) {
    for (String file : order) {
      if (!file.matches(".*(timings\\.json|remarks\\.json|journal\\.db.*|\\.lock)")
          && !Files.exists(other.directory().resolve(file))) {
        return stage(file);
      }
    }
    return "reporting";
  }

  private static String stage(String file) {
    if (!file.startsWith("seed-")) {
      return file.matches("(evaluation|outcomes).*")
          ? "evaluating"
          : file.startsWith("report") ? "reporting" : "opening";
    }
    if (file.endsWith("dev.json")) {
      return "measuring";
    }
    return file.contains("/adapters/") || file.contains("/metrics/") ? "training" : "collecting";
  }

  /** Every file's text of a run by its path; of the journal, every row. */
  static Map<String, String> contents(Path run) throws IOException {
    List<String> problems =
        Stream.of("train", "dev", "test")
            .map(split -> run.resolve("data/" + split + ".jsonl"))
            .filter(file -> Files.exists(file) && file.toFile().length() > 0)
            .flatMap(file -> KeptProblems.read(file).stream())
            .map(Problem::id)
            .toList();
    return RunContents.of(run, problems);
  }

  /**
   * Compares every bit.
   *
   * @param expected remembers what it made
   * @throws BrokenPromise naming the first file that differs
   */
  void requireSame(TinyRun expected) throws IOException, BrokenPromise {
    Map<String, String> ours = contents(directory());
    Map<String, String> wanted = expected.made;
    if (!ours.keySet().equals(wanted.keySet())) {
      throw new BrokenPromise(
          "%s lacks %s and has %s besides"
              .formatted(
                  directory(),
                  without(wanted.keySet(), ours.keySet()),
                  without(ours.keySet(), wanted.keySet())));
    }
    for (Map.Entry<String, String> file : wanted.entrySet()) {
      if (!file.getValue().equals(ours.get(file.getKey()))) {
        throw new BrokenPromise(
            "%s of %s is not as in %s".formatted(file.getKey(), directory(), expected.directory()));
      }
    }
  }

  private static Set<String> without(Set<String> some, Set<String> others) {
    Set<String> left = new TreeSet<>(some);
    left.removeAll(others);
    return left;
  }
}
