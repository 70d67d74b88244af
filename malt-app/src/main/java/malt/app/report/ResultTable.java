package malt.app.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import malt.app.report.run.Comparison;
import malt.app.report.run.Evaluation;
import malt.app.report.run.MethodResult;
import malt.app.report.run.RunData;
import malt.app.report.run.RunReader;
import malt.app.text.Numbers;

/** The result of a run as plain text for a terminal of 100 columns. */
public final class ResultTable {
  private static final int COLUMNS = 100;
  private static final String ANSWERS = "Answers";

  private ResultTable() {}

  /**
   * Methods with their accuracy, then comparisons, then the headline.
   *
   * @throws malt.MalformedDataException if a file of the run does not hold what it should
   */
  public static String read(Path runDirectory) {
    RunData run = RunReader.read(runDirectory);
    return run.evaluation()
        .map(ResultTable::of)
        .orElseGet(
            () -> String.join("", Headline.of(run).stream().map(ResultTable::wrap).toList()));
  }

  /** The same of an evaluation.json that stands by itself. */
  public static String readEvaluation(Path file) {
    return of(RunReader.evaluation(file));
  }

  private static String of(Evaluation evaluation) {
    StringBuilder out = new StringBuilder();
    out.append(methods(evaluation).text(COLUMNS)).append('\n');
    List<Comparison> comparisons = evaluation.comparisons();
    if (!comparisons.isEmpty()) {
      out.append(ComparisonSection.table(comparisons).text(COLUMNS)).append('\n');
    }
    Headline.of(evaluation).forEach(sentence -> out.append(wrap(sentence)));
    out.append(wrap("Graded by \"%s\". %s".formatted(evaluation.grader(), evaluation.power())));
    if (!evaluation.paper().isEmpty()) {
      out.append(wrap("The paper's numbers are those of %s.".formatted(evaluation.paperTitle())));
    }
    return out.toString();
  }

  private static Table methods(Evaluation evaluation) {
    List<List<String>> rows = new ArrayList<>();
    for (MethodResult method : MethodGroup.inOrder(evaluation.methods())) {
      Map<String, Long> grading = evaluation.grading().getOrDefault(method.name(), Map.of());
      rows.add(
          List.of(
              method.name(),
              Numbers.percent(method.accuracy()),
              AccuracySection.interval(method.interval()),
              AccuracySection.paper(evaluation, method),
              Numbers.grouped(method.n()),
              AccuracySection.calls(method.calls()),
              Numbers.grouped(grading.getOrDefault("no_answer", 0L)),
              Numbers.grouped(method.ungradable())));
    }
    Table table =
        Table.ofNumbers(
            "",
            List.of(
                "Method",
                "Accuracy %",
                "95 % interval",
                AccuracySection.PAPER,
                ANSWERS,
                "Calls",
                "No answer",
                "Ungradable"),
            rows);
    return evaluation.paper().isEmpty()
        ? table.without(AccuracySection.PAPER)
        : table.without(ANSWERS); // their number stands below; names need the room
  }

  private static String wrap(String sentence) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (String word : sentence.split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > COLUMNS) {
        out.append('\n');
        column = 0;
      }
      out.append(column > 0 ? " " : "").append(word);
      column += (column > 0 ? 1 : 0) + word.length();
    }
    return out.append('\n').toString();
  }
}
