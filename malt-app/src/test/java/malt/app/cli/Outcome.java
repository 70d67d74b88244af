package malt.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a command said, and its exit code. */
record Outcome(int exit, String out, String err) {
  /** Of {@code malt} with these arguments, in this process. */
  static Outcome of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Malt.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int exit = line.execute(arguments);
    return new Outcome(exit, out.toString(), err.toString());
  }

  /** It failed with one sentence and nothing else. */
  void isError(String... parts) {
    isErrorList(parts);
    assertThat(err.strip().lines()).hasSize(1);
  }

  /** It failed with a sentence and a list of what is wrong. */
  void isErrorList(String... parts) {
    assertThat(exit).as(err).isEqualTo(1);
    assertThat(err).startsWith("error: ").contains(parts).doesNotContain("\tat ");
  }
}
