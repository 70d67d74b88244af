package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressLogTest {
  private static final Task COLLECT = Task.of(Task.Job.COLLECT, 2, "joint", "joint");

  @TempDir private Path folder;

  /** Goes on by hand. */
  private static final class HandClock extends Clock {
    private Instant now = Instant.EPOCH;

    void passes(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static List<String> brief(Path file) {
    return ProgressLog.read(file).stream()
        .map(
            line ->
                "%s %s %d/%d %d"
                    .formatted(line.kind(), line.name(), line.done(), line.total(), line.tokens()))
        .toList();
  }

  @Test
  void a_stage_writes_a_line_a_second_and_what_is_told_before_there_is_a_file_is_kept() {
    Path file = folder.resolve("progress.jsonl");
    HandClock clock = new HandClock();
    List<String> told = new ArrayList<>();
    Stages listening =
        new Stages() {
          @Override
          public Stage start(Task task, String unit, long total) {
            told.add(task.name());
            return Stages.silent().start(task, unit, total);
          }

          @Override
          public void warn(String sentence) {
            told.add(sentence);
          }
        };
    try (ProgressLog log = ProgressLog.telling(listening, clock)) {
      log.warn("early");
      log.into(file);
      try (Stages.Stage stage = log.start(COLLECT, "nodes", 9)) {
        stage.advance(1, 10);
        clock.passes(Duration.ofMillis(900));
        stage.advance(1, 10);
        clock.passes(Duration.ofMillis(100));
        stage.advance(1, 10);
        stage.advance(1, 10);
      }
    }
    assertThat(told).containsExactly("early", "collect joint");
    assertThat(brief(file))
        .containsExactly(
            "began  0/0 0",
            "warning early 0/0 0",
            "stage collect joint 0/9 0",
            "stage collect joint 3/9 30",
            "stage_over collect joint 4/9 40",
            "left  0/0 0");
    assertThat(ProgressLog.read(file).get(3))
        .isEqualTo(
            new ProgressLog.Line(
                "1970-01-01T00:00:01Z",
                "stage",
                "collect",
                2,
                "joint",
                "collect joint",
                "nodes",
                3,
                9,
                30));
  }

  @Test
  void a_long_stage_writes_fewer_lines() {
    Path file = folder.resolve("progress.jsonl");
    HandClock clock = new HandClock();
    try (ProgressLog log = ProgressLog.telling(Stages.silent(), clock)) {
      log.into(file);
      try (Stages.Stage stage = log.start(COLLECT, "nodes", 36_000)) {
        for (int second = 0; second < 36_000; second++) { // ten hours
          clock.passes(Duration.ofSeconds(1));
          stage.advance(1, 0);
        }
      }
    }
    assertThat(ProgressLog.read(file)).hasSizeBetween(1_000, 3_000);
  }

  @Test
  void an_attempt_after_one_that_was_killed_appends_whole_lines() throws IOException {
    Path file = folder.resolve("progress.jsonl");
    for (int attempt = 0; attempt < 2; attempt++) {
      ProgressLog log = ProgressLog.telling(Stages.silent(), new HandClock());
      log.into(file);
      log.warn("attempt " + attempt);
      Files.writeString(file, "{\"at\":\"1970-01", StandardOpenOption.APPEND); // and dies
    }
    assertThat(brief(file))
        .containsExactly(
            "began  0/0 0", "warning attempt 0 0/0 0", "began  0/0 0", "warning attempt 1 0/0 0");
  }
}
