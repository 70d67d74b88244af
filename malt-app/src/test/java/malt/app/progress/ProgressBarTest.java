package malt.app.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now = 5_000_000_000L;

  @Test
  void the_summary_stays_with_tokens_rate_and_elapsed_time() {
    ProgressBar bar = bar(0, "collect joint", "trees", 700, 0);
    bar.advance(0, 1_140_000);
    seconds(9); // under ten: no line of its own yet
    bar.advance(700);
    seconds(19);
    bar.close();
    // 1,140,000 tokens in 28 s = 40,714 a second
    assertThat(text()).isEqualTo("collect joint  700/700 trees  1.1M tokens  41k tok/s  28s\n");
  }

  @Test
  void without_a_terminal_lines_come_at_most_every_ten_seconds() {
    try (ProgressBar bar = bar(0, "evaluate", "questions", 100, 0)) {
      for (int i = 0; i < 100; i++) {
        seconds(1);
        bar.advance(1);
      }
    }
    // at 10, 20, ..., 100 seconds, and the summary
    assertThat(text().lines()).hasSize(11).first().asString().contains("10/100", "eta 1m 30s");
    assertThat(text()).doesNotContain("\r", "\u001b");
  }

  @Test
  void a_line_has_the_tokens_of_all_that_it_counts() {
    ProgressBar bar = bar(0, "collect joint", "nodes", 10, 0);
    seconds(10);
    bar.advance(5, 400);
    assertThat(text()).isEqualTo("collect joint  5/10 nodes  400 tokens  40 tok/s  10s  eta 10s\n");
  }

  @Test
  void on_a_terminal_one_line_is_redrawn_and_never_wider_than_it() {
    ProgressBar bar = bar(60, "train verifier/dpo", "steps", 75, 0);
    for (int i = 0; i < 75; i++) {
      seconds(1);
      bar.note("loss 0.6931");
      bar.advance(1, 8_000);
    }
    assertThat(text()).doesNotContain("\n");
    for (String drawn : text().substring(1).split("\r", -1)) {
      assertThat(drawn.replace("\u001b[K", "").length()).isLessThan(60);
    }
    bar.close();
    assertThat(text())
        .endsWith("75/75 steps  600k tokens  8.0k tok/s  loss 0.6931  1m 15s\u001b[K\n");
  }

  @Test
  void the_time_left_comes_from_this_runs_own_speed() {
    ProgressBar bar = bar(0, "collect joint", "trees", 100, 80);
    seconds(10);
    bar.advance(10); // 10 trees in 10 s, 10 left
    assertThat(text()).contains("90/100 trees", "eta 10s");
  }

  @Test
  void a_stage_closed_twice_is_summarised_once_and_one_that_did_nothing_too() {
    ProgressBar bar = bar(0, "empty", "trees", 0, 0);
    bar.close();
    bar.close();
    bar.advance(3);
    assertThat(text()).isEqualTo("empty  0 trees  0s\n");
  }

  @Test
  void a_terminal_narrower_than_the_stage_is_no_error() {
    try (ProgressBar bar = bar(5, "a stage with a long name", "trees", 10, 0)) {
      seconds(1);
      bar.advance(20);
    }
    assertThat(text()).contains("a st\u001b[K", "20/10 trees");
  }

  private ProgressBar bar(int columns, String stage, String unit, long total, long before) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new ProgressBar(new Terminal(out, columns), () -> now, stage, unit, total, before);
  }

  private void seconds(long more) {
    now += more * 1_000_000_000L;
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
