package malt.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.TextFiles;
import malt.app.parquet.ParquetFiles;
import malt.problem.Grade;
import malt.problem.GradeRows;
import malt.problem.Grader;
import malt.problem.Graders;
import malt.problem.Layout;
import malt.problem.RowSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The graders alone, for texts from anywhere. */
@Command(
    name = "grade",
    header = "Grades answers from anywhere.",
    description =
        "Turns JSON lines {\"gold\", \"prediction\"} into {\"grade\", \"extracted\", \"reason\"},"
            + " one for each, in order. A prediction is a model's text or its bare answer.")
final class GradeCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--benchmark",
      required = true,
      completionCandidates = Choices.OfLayouts.class,
      description = "one of ${COMPLETION-CANDIDATES}; custom needs --grader")
  private String benchmark = "";

  @Option(
      names = "--grader",
      completionCandidates = Choices.OfGraders.class,
      description =
          "one of ${COMPLETION-CANDIDATES}; default: the benchmark's that also reads texts which do"
              + " not mark their answer (lenient)")
  private @Nullable String grader;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "rows, JSON lines or Parquet; default: standard input")
  private @Nullable Path input;

  @Option(names = "--output", paramLabel = "FILE", description = "grades; default: standard output")
  private @Nullable Path output;

  @Override
  public void run() {
    Grader chosen = Graders.named(graderName());
    try (BufferedReader in = reader()) {
      String name = name();
      Path target = output;
      if (target == null) {
        PrintWriter out = spec.commandLine().getOut();
        GradeRows.grade(chosen, in, name, out);
        out.flush();
      } else {
        AtomicFiles.write(
            target, out -> summarize(chosen, GradeRows.grade(chosen, in, name, out), target));
      }
    } catch (IOException e) {
      throw TextFiles.unreadable(name(), e);
    }
  }

  private String name() {
    return input == null ? "standard input" : input.toString();
  }

  private String graderName() {
    Layout layout = Layout.named(benchmark);
    return grader != null
        ? grader
        : layout
            .looseGrader()
            .orElseThrow(
                () ->
                    new ConfigException(
                        "--benchmark custom needs --grader, one of "
                            + String.join(", ", Graders.names())));
  }

  private BufferedReader reader() throws IOException {
    return input != null && ParquetFiles.is(input)
        ? new BufferedReader(
            new StringReader(
                ParquetFiles.source().rows(input).stream()
                    .map(RowSource.Row::text)
                    .collect(Collectors.joining("\n"))))
        : RowOptions.open(input);
  }

  private void summarize(Grader chosen, Map<Grade, Integer> counts, Path file) {
    String summary =
        counts.entrySet().stream()
            .map(entry -> "%,d %s".formatted(entry.getValue(), entry.getKey()))
            .collect(Collectors.joining(", "));
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %s (grader %s)%n", file, summary.isEmpty() ? "no rows" : summary, chosen.name());
  }
}
