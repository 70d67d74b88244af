package malt.app.cli;

import java.nio.file.Path;
import java.util.stream.Collectors;
import malt.ConfigException;
import malt.app.tool.GradeTool;
import malt.problem.Grader;
import malt.problem.Graders;
import malt.problem.Layout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  @Mixin private RowOptions rows = new RowOptions();

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

  @Override
  public void run() {
    Grader chosen = Graders.named(graderName());
    GradeTool tool = new GradeTool(chosen);
    Path file = rows.transform("grade", tool, spec.commandLine().getOut());
    if (file != null) {
      String summary =
          tool.counts().entrySet().stream()
              .map(entry -> "%,d %s".formatted(entry.getValue(), entry.getKey()))
              .collect(Collectors.joining(", "));
      spec.commandLine()
          .getOut()
          .printf(
              "%s: %s (grader %s)%n", file, summary.isEmpty() ? "no rows" : summary, chosen.name());
    }
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
}
