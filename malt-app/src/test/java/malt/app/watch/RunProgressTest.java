package malt.app.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import malt.experiment.ProgressLog;
import malt.experiment.RunLayout;
import malt.experiment.Stages;
import malt.experiment.Task;
import malt.experiment.Task.Job;
import malt.experiment.TinyConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunProgressTest {
  @TempDir private Path folder;

  private RunProgress read() {
    return RunProgress.read(new RunLayout(folder), TinyConfig.with());
  }

  @Test
  void what_is_done_now_is_known_by_seed_and_round_whatever_their_names() {
    try (ProgressLog log = ProgressLog.telling(Stages.silent())) {
      log.into(new RunLayout(folder).progress());
      try (Stages.Stage stage =
          log.start(
              Task.of(Job.COLLECT, 1, "joint", "joint from the trees of joint more"), "", 1)) {
        RunProgress now = read();
        assertThat(now.at(Job.COLLECT)).isTrue();
        assertThat(now.at(Job.COLLECT, 1, "joint")).isTrue();
        assertThat(now.at(Job.COLLECT, 2, "joint")).as("another seed").isFalse();
        assertThat(now.at(Job.COLLECT, 1, "joint more")).as("another round").isFalse();
        assertThat(now.at(Job.TRAIN, 1, "joint")).as("another job").isFalse();
        stage.advance(1, 0);
      }
      assertThat(read().at(Job.COLLECT)).as("over").isFalse();
      log.start(Task.training("joint/refiner/dpo"), "steps", 1).advance(1, 0);
      assertThat(read().at(Job.TRAIN)).isTrue();
    }
    assertThat(read().at(Job.TRAIN)).as("the process has left").isFalse();
  }
}
