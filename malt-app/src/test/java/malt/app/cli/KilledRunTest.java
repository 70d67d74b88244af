package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import malt.experiment.RunContents;
import malt.problem.KeptProblems;
import malt.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at twenty random moments of real runs of the embedded model. */
class KilledRunTest {
  private static final int CHAINS = 2;
  private static final int KILLS_EACH = 10;

  /** Share of a run's work that a process is given at most before it is killed. */
  private static final double LONGEST_LIFE = 0.3;

  @TempDir private Path folder;

  @Test
  void a_run_killed_again_and_again_ends_as_if_it_had_not_been() throws Exception {
    Path whole = folder.resolve("whole");
    long work = work(whole);
    Map<String, String> expected = contents(whole);
    assertThat(expected.keySet())
        .contains(
            "evaluation.json",
            "seed-1/journal.db",
            "seed-1/joint/generator/sft.jsonl",
            "seed-1/joint/adapters/generator/sft/adapter_model.safetensors");

    ExecutorService side = Executors.newFixedThreadPool(CHAINS);
    try {
      List<Future<List<Path>>> chains = new ArrayList<>();
      for (int chain = 0; chain < CHAINS; chain++) {
        Path place = folder.resolve("chain-" + chain);
        SplittableRandom random = new SplittableRandom(20 + chain);
        chains.add(side.submit(() -> chain(place, random, work)));
      }
      for (Future<List<Path>> chain : chains) {
        for (Path runs : chain.get()) {
          assertSame(contents(runs), expected, runs);
        }
      }
    } finally {
      side.shutdownNow();
    }
  }

  @Test
  void a_run_asked_to_stop_says_so_and_goes_on_later() throws Exception {
    Path runs = folder.resolve("asked");
    Process process = start(runs);
    awaitWork(process, runs, 0);
    process.destroy(); // SIGTERM
    int exit = MaltProcess.finish(process, runs.resolve("log"));
    assertThat(Files.readString(runs.resolve("log")))
        .contains("stopped; what was done is kept")
        .doesNotContain("error:", "SIGSEGV", "Exception");
    assertThat(exit).isEqualTo(128 + 15);
    finish(start(runs), runs);
  }

  /** Nanoseconds from the first thing a whole run samples to its end. */
  private long work(Path runs) throws Exception {
    Process process = start(runs);
    awaitWork(process, runs, 0);
    long start = System.nanoTime();
    finish(process, runs);
    return System.nanoTime() - start;
  }

  /** Kills runs until it has done so often enough; then each is finished. */
  private static List<Path> chain(Path place, SplittableRandom random, long work)
      throws IOException, InterruptedException {
    List<Path> all = new ArrayList<>();
    Path runs = place.resolve("0");
    all.add(runs);
    int kills = 0;
    while (kills < KILLS_EACH) {
      long begun = System.currentTimeMillis();
      Process process = start(runs);
      if (kills % 5 == 4) { // at any moment, most of which are the start of the JVM
        process.waitFor(random.nextLong(3_000), TimeUnit.MILLISECONDS);
      } else {
        awaitWork(process, runs, begun);
        process.waitFor(random.nextLong((long) (work * LONGEST_LIFE)), TimeUnit.NANOSECONDS);
      }
      if (process.isAlive()) {
        process.destroyForcibly().waitFor();
        kills++;
      } else {
        finish(process, runs);
        runs = place.resolve(String.valueOf(all.size()));
        all.add(runs);
      }
    }
    finish(start(runs), runs);
    return all;
  }

  /** Returns when the process has changed something below the seed's directory, or ended. */
  private static void awaitWork(Process process, Path runs, long begun)
      throws IOException, InterruptedException {
    Path seed = runs.resolve("killed/seed-1");
    while (process.isAlive() && lastChange(seed) <= begun) {
      process.waitFor(10, TimeUnit.MILLISECONDS);
    }
  }

  private static long lastChange(Path directory) throws IOException {
    long last = -1;
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          last = Math.max(last, file.toFile().lastModified()); // 0 if it has just gone
        }
      }
    }
    return last;
  }

  private static Process start(Path runs) throws IOException {
    Files.createDirectories(runs);
    return MaltProcess.start(
        runs.resolve("log"),
        List.of(
            "run",
            "--config",
            MaltProcess.home().resolve("configs/nano.yaml").toString(),
            "--runs",
            runs.toString(),
            "--name",
            "killed",
            "--set",
            "problems.train=6",
            "--set",
            "problems.dev=0",
            "--set",
            "problems.test=6",
            "--set",
            "sampling.problems_per_call=3",
            "--set",
            "sft.epochs=1",
            "--set",
            "dpo.optimizer.epochs=1",
            "--set",
            "evaluation.debate.rounds=2",
            "--set",
            "evaluation.debate.agents=2"));
  }

  private static void finish(Process process, Path runs) throws IOException, InterruptedException {
    Path log = runs.resolve("log");
    int exit = MaltProcess.finish(process, log);
    assertThat(exit).as("%s", Files.readString(log)).isZero();
  }

  private static Map<String, String> contents(Path runs) throws IOException {
    Path run = runs.resolve("killed");
    List<String> problems =
        Stream.of("train", "test")
            .flatMap(split -> KeptProblems.read(run.resolve("data/" + split + ".jsonl")).stream())
            .map(Problem::id)
            .toList();
    return RunContents.of(run, problems);
  }

  private static void assertSame(
      Map<String, String> found, Map<String, String> expected, Path runs) {
    assertThat(found.keySet()).as("files of %s", runs).isEqualTo(expected.keySet());
    expected.forEach(
        (file, text) -> assertThat(found.get(file)).as("%s of %s", file, runs).isEqualTo(text));
  }
}
