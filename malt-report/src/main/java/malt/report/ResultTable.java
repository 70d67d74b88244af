package malt.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import malt.Numbers;
import malt.evaluation.ComparisonResult;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.evaluation.GradingCounts;
import org.jspecify.annotations.Nullable;

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
    RunData run = RunData.read(runDirectory);
    return run.evaluation().map(ResultTable::of).orElseGet(() -> wrap(Headline.of(run).sentence()));
  }

  /** The same of an evaluation.json that stands by itself. */
  public static String readEvaluation(Path file) {
    return of(EvaluationFiles.read(file));
  }

  private static String of(EvaluationReport evaluation) {
    StringBuilder out = new StringBuilder();
    out.append(methods(evaluation).text(COLUMNS)).append('\n');
    String notes = AccuracySection.notes(evaluation);
    if (!notes.isEmpty()) {
      out.append(wrap(notes)).append('\n');
    }
    List<ComparisonResult> comparisons = evaluation.comparisons();
    if (!comparisons.isEmpty()) {
      out.append(ComparisonSection.table(comparisons).text(COLUMNS)).append('\n');
    }
    out.append(wrap(Headline.of(evaluation).sentence()));
    out.append(wrap("Graded by \"%s\". %s".formatted(evaluation.grader(), evaluation.power())));
    if (!evaluation.paper().methods().isEmpty()) {
      out.append(
          wrap("The paper's numbers are those of %s.".formatted(evaluation.paper().title())));
    }
    return out.toString();
  }

  private static Table methods(EvaluationReport evaluation) {
    Table table =
        Table.of(MethodGroup.inOrder(evaluation).entrySet())
            .column("Method", Map.Entry::getKey)
            .column("Accuracy %", row -> Numbers.percent(row.getValue().accuracy()))
            .column("95 % interval", row -> AccuracySection.interval(row.getValue().interval()))
            .column(AccuracySection.PAPER, row -> AccuracySection.paper(evaluation, row.getKey()))
            .column(ANSWERS, row -> Numbers.grouped(row.getValue().n()))
            .column("Calls", row -> Numbers.grouped(row.getValue().calls()))
            .column("No answer", row -> noAnswer(evaluation.grading().get(row.getKey())))
            .column("Ungradable", row -> Numbers.grouped(row.getValue().ungradable()))
            .titled("");
    return evaluation.paper().methods().isEmpty()
        ? table.without(AccuracySection.PAPER)
        : table.without(ANSWERS); // their number stands below; names need the room
  }

  private static String noAnswer(@Nullable GradingCounts grading) {
    return grading == null ? "–" : Numbers.grouped(grading.noAnswer());
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
