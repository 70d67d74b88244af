package malt.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.stream.Collectors;
import malt.AtomicFiles;
import malt.TextFiles;
import malt.app.parquet.ParquetFiles;
import malt.app.progress.ProgressBar;
import malt.app.progress.Terminal;
import malt.app.tool.JsonRows;
import malt.app.tool.RowTool;
import malt.problem.RowSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where rows of JSON come from and go to. */
final class RowOptions {
  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "JSON lines, or a Parquet file's rows; default: standard input")
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
   * @return the file that holds the answers; null where they went to standard output
   */
  @Nullable Path transform(String stage, RowTool tool, PrintWriter out) {
    String name = input == null ? "standard input" : input.toString();
    try (BufferedReader in = open(input);
        ProgressBar bar = bar(stage, "rows", 0)) {
      if (output == null) {
        JsonRows.transform(in, name, out, tool, bar::advance);
      } else {
        AtomicFiles.write(output, file -> JsonRows.transform(in, name, file, tool, bar::advance));
      }
      return output;
    } catch (IOException e) {
      throw TextFiles.unreadable(name, e);
    }
  }

  /** Progress on standard error. */
  static ProgressBar bar(String stage, String unit, long total) {
    Terminal terminal = Terminal.detect(System.err);
    return ProgressBar.start(terminal, stage, unit, total, 0);
  }

  private static BufferedReader open(@Nullable Path file) throws IOException {
    if (file == null) {
      return TextFiles.reader(System.in, "standard input");
    }
    if (!ParquetFiles.is(file)) {
      return TextFiles.open(file);
    }
    return new BufferedReader(
        new StringReader(
            ParquetFiles.source().rows(file).stream()
                .map(RowSource.Row::text)
                .collect(Collectors.joining("\n"))));
  }
}
