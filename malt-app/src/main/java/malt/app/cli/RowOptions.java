package malt.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import malt.AtomicFiles;
import malt.TextFiles;
import malt.app.progress.ProgressBar;
import malt.app.progress.Terminal;
import malt.app.tool.JsonRows;
import malt.app.tool.RowTool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where rows of JSON come from and go to. */
final class RowOptions {
  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "JSON lines; default: standard input")
  private @Nullable Path input;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "JSON lines, complete or absent; default: standard output, as they come")
  private @Nullable Path output;

  /**
   * Answers all rows.
   *
   * @param stage shown while it works
   * @param out standard output
   */
  void transform(String stage, RowTool tool, PrintWriter out) {
    String name = input == null ? "standard input" : input.toString();
    try (BufferedReader in = open(input);
        ProgressBar bar = bar(stage, "rows", 0)) {
      if (output == null) {
        JsonRows.transform(in, name, out, tool, bar::advance);
      } else {
        AtomicFiles.write(output, file -> JsonRows.transform(in, name, file, tool, bar::advance));
      }
    } catch (IOException e) {
      throw TextFiles.unreadable(name, e);
    }
  }

  /** Progress on standard error. */
  static ProgressBar bar(String stage, String unit, long total) {
    Terminal terminal = Terminal.detect(System.err);
    return ProgressBar.start(terminal, stage, unit, total, 0);
  }

  /** A file's text, or standard input. */
  static BufferedReader open(@Nullable Path file) throws IOException {
    return file == null ? TextFiles.reader(System.in, "standard input") : TextFiles.open(file);
  }
}
