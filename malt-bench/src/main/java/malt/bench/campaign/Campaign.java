package malt.bench.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import malt.torch.tensor.Processor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Cases one after the other, each with a seed of its own, until all or the time is used up. */
abstract class Campaign implements Callable<Integer> {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
  private static final int MOST_SHOWN = 20;

  @Option(names = "--seed", description = "of the first case; the next has one more")
  private long seed = 1;

  @Option(names = "--count", description = "cases; default: ${DEFAULT-VALUE}")
  private long count;

  @Option(names = "--minutes", description = "no case is begun after so many; default: no end")
  private double minutes = Double.POSITIVE_INFINITY;

  @Option(
      names = "--folder",
      description = "where it works; default: a new one, removed at the end")
  private @Nullable Path folder;

  /**
   * @param count of cases where the command says none
   */
  Campaign(long count) {
    this.count = count;
  }

  /** Told by a test what the options tell. */
  final Findings run(long first, long cases, Path place) throws Exception {
    seed = first;
    count = cases;
    folder = place;
    return run(place);
  }

  @Override
  public final Integer call() throws Exception {
    System.out.println(Processor.here().describe());
    Path place = folder == null ? Files.createTempDirectory("malt-campaign") : folder;
    Findings findings = run(place);
    findings.broken().forEach(what -> System.out.println("BROKEN " + what));
    System.out.println(findings.figure());
    if (folder == null && findings.broken().isEmpty()) {
      remove(place);
    }
    return findings.broken().isEmpty() ? 0 : 1;
  }

  private Findings run(Path place) throws Exception {
    Files.createDirectories(place);
    List<String> broken = new ArrayList<>();
    long start = System.nanoTime();
    long told = start;
    long done = 0;
    try {
      begin(place);
      while (done < count && (System.nanoTime() - start) / 60e9 < minutes) {
        try {
          check(seed + done);
        } catch (BrokenPromise e) {
          String again =
              "%s --seed %d --count 1".formatted(getClass().getSimpleName(), seed + done);
          broken.add("%s (again by: %s)".formatted(e.getMessage(), again));
          if (broken.size() <= MOST_SHOWN) {
            System.out.println("BROKEN " + broken.get(broken.size() - 1));
          }
        }
        done++;
        if (System.nanoTime() - told > BETWEEN_LINES.toNanos()) {
          told = System.nanoTime();
          tell(done, broken.size(), (told - start) / 1e9);
        }
      }
    } finally {
      end();
    }
    try {
      judge();
    } catch (BrokenPromise e) {
      broken.add(String.valueOf(e.getMessage()));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    String figure =
        "%s: %s; %d cases from seed %d, %d broken, %.0f s"
            .formatted(getClass().getSimpleName(), figure(), done, seed, broken.size(), seconds);
    return new Findings(done, broken, figure);
  }

  private void tell(long done, int broken, double seconds) {
    System.out.printf(
        Locale.ROOT,
        "%s: %d of %d, %d broken, about %.0f min left%n",
        getClass().getSimpleName(),
        done,
        count,
        broken,
        Math.min(seconds / done * (count - done) / 60, minutes - seconds / 60));
  }

  /** Before the first case. */
  void begin(Path place) throws Exception {}

  /**
   * One case.
   *
   * @throws BrokenPromise saying what was found
   */
  abstract void check(long caseSeed) throws Exception;

  /** After the last case, whatever became of it. */
  void end() throws Exception {}

  /**
   * All cases together, after the end.
   *
   * @throws BrokenPromise saying what was found
   */
  void judge() throws BrokenPromise {}

  /** What was done, in a few words. */
  abstract String figure();

  static void remove(Path place) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
