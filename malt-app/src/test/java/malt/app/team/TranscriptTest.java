package malt.app.team;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import org.junit.jupiter.api.Test;

class TranscriptTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static TeamAnswer answer(String text, int passes) {
    Completion last =
        new Completion(
            text, new int[0], new int[0], new float[0], FinishReason.STOP, AdapterRef.BASE, 1);
    return new TeamAnswer(
        java.util.Collections.nCopies(passes, List.of(last)), 0, 0, Map.of("5", passes));
  }

  @Test
  void one_pass_is_written_while_it_speaks() {
    Transcript transcript = new Transcript(out, List.of("generator", "refiner"), 1);
    transcript.said(0, 0, 1, 0, "2+3");
    assertThat(written()).isEqualTo("\ngenerator: 2+3");
    transcript.said(0, 0, 2, 0, "=5");
    transcript.said(0, 1, 3, 0, "5");
    assertThat(written()).isEqualTo("\ngenerator: 2+3=5\nrefiner: 5");
    transcript.end(answer("5", 1));
    assertThat(written()).isEqualTo("\ngenerator: 2+3=5\nrefiner: 5\n\n");
  }

  @Test
  void passes_that_speak_at_once_are_written_one_after_the_other() {
    Transcript transcript = new Transcript(out, List.of("generator", "refiner"), 2);
    transcript.said(1, 0, 1, 0, "b");
    transcript.said(0, 0, 1, 0, "a");
    transcript.said(1, 1, 1, 0, "B");
    transcript.said(0, 1, 1, 0, "A");
    assertThat(written()).isEqualTo("\ngenerator 1: a\nrefiner 1: A");
    transcript.end(answer("5", 2));
    assertThat(written())
        .isEqualTo(
            "\ngenerator 1: a\nrefiner 1: A\ngenerator 2: b\nrefiner 2: B\n"
                + "\nvotes: {5=2}\nanswer: 5\n\n");
  }
}
