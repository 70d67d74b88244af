package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is asked to stop; malt-bench's campaigns kill them without asking. */
class StoppedRunTest {
  @TempDir private Path folder;

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

  /** Returns when the process has changed something below the seed's directory, or ended. */
  private static void awaitWork(Process process, Path runs, long begun)
      throws IOException, InterruptedException {
    Path seed = runs.resolve("stopped/seed-1");
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
            "stopped",
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
}
