package malt.bench.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import malt.bench.Launcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** SIGKILL at random moments of tiny runs, each of which must end as one that nobody disturbed. */
@Command(
    name = "campaign.Kills",
    mixinStandardHelpOptions = true,
    description = {
      "Runs malt-bench/campaigns/kills/*.yaml in turn, a case each: a run is killed at random",
      "moments, after each of which the clock seems to have been set by up to two days, finished,",
      "and compared bit for bit with one that was not disturbed."
    })
public final class Kills extends Campaign {
  private static final double JUST_STARTED = 0.2; // share of kills at any moment of the JVM's start
  private static final int LONGEST_START = 2_500; // ms
  private static final long MOST_MINUTES = 2_880; // that the clock is set back or forth by

  @Option(names = "--kills", description = "of each case; default: ${DEFAULT-VALUE}")
  private int kills = 10;

  private final Map<Path, TinyRun> whole = new TreeMap<>();
  private final Map<String, Integer> hit = new TreeMap<>();
  private Path folder = Path.of("");

  Kills() {
    super(20);
  }

  /** With other than ten kills a case. */
  Kills(int kills) {
    this();
    this.kills = kills;
  }

  public static void main(String[] arguments) {
    Launcher.launch(new Kills(), arguments);
  }

  @Override
  void begin(Path place) {
    folder = place;
  }

  @Override
  void check(long caseSeed) throws IOException, InterruptedException, BrokenPromise {
    List<Path> all = TinyRun.configs();
    Path config = all.get(Math.floorMod(caseSeed, all.size()));
    TinyRun expected = whole.get(config);
    if (expected == null) {
      expected = TinyRun.undisturbed(config, folder.resolve("whole-" + config.getFileName()));
      whole.put(config, expected);
    }
    SplittableRandom random = new SplittableRandom(caseSeed);
    int done = 0;
    for (int runs = 0; done < kills; runs++) {
      TinyRun run = new TinyRun(config, folder.resolve("killed-%d-%d".formatted(caseSeed, runs)));
      done += kill(run, expected, random, kills - done);
      run.finish(run.start());
      run.requireSame(expected);
      remove(run.place());
    }
  }

  /** Kills a run so often at most; its last process may end by itself before. */
  private int kill(TinyRun run, TinyRun expected, SplittableRandom random, int most)
      throws IOException, InterruptedException, BrokenPromise {
    long longest = 2 * expected.work() / (kills + 1); // nanoseconds
    for (int done = 0; done < most; done++) {
      int before = run.state();
      Process process = run.start();
      if (random.nextDouble() < JUST_STARTED) {
        process.waitFor(random.nextLong(LONGEST_START), TimeUnit.MILLISECONDS);
      } else {
        run.awaitWork(process, before);
        process.waitFor(random.nextLong(longest), TimeUnit.NANOSECONDS);
      }
      if (!process.isAlive()) {
        run.finish(process);
        return done;
      }
      process.destroyForcibly().waitFor();
      hit.merge(expected.due(run), 1, Integer::sum);
      if (Files.exists(run.directory())) {
        run.moveTimes(Duration.ofMinutes(random.nextLong(-MOST_MINUTES, MOST_MINUTES)));
      }
    }
    return most;
  }

  @Override
  String figure() {
    int all = hit.values().stream().mapToInt(Integer::intValue).sum();
    return hit.entrySet().stream()
        .map(stage -> "%d %s".formatted(stage.getValue(), stage.getKey()))
        .collect(Collectors.joining(", ", all + " SIGKILLs (", ")"));
  }
}
