package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM during a real run of the embedded model; malt-bench's campaign.Kills sends SIGKILL. */
class StoppedRunTest {
  @TempDir private Path folder;

  @Test
  void a_run_asked_to_stop_says_so_and_goes_on_later() throws Exception {
    Process process = start();
    awaitWork(process);
    process.destroy(); // SIGTERM
    int exit = MaltProcess.finish(process, log());
    assertThat(Files.readString(log()))
        .contains("stopped; what was done is kept")
        .doesNotContain("error:", "SIGSEGV", "Exception");
    assertThat(exit).isEqualTo(128 + 15);
    assertThat(MaltProcess.finish(start(), log())).as("%s", Files.readString(log())).isZero();
    assertThat(folder.resolve("stopped/evaluation.json")).exists();
  }

  /** Returns when the process has begun to sample, or ended. */
  private void awaitWork(Process process) throws InterruptedException {
    Path journal = folder.resolve("stopped/seed-1/journal.db");
    while (process.isAlive() && !Files.exists(journal)) {
      process.waitFor(10, TimeUnit.MILLISECONDS);
    }
  }

  private Path log() {
    return folder.resolve("log");
  }

  private Process start() throws IOException {
    return MaltProcess.start(
        log(),
        List.of(
            "run",
            "--config",
            MaltProcess.home().resolve("configs/nano.yaml").toString(),
            "--runs",
            folder.toString(),
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
            "evaluation.debate=null"));
  }
}
