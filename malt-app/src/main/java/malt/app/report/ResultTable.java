package malt.app.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.app.report.run.Comparison;
import malt.app.report.run.Evaluation;
import malt.app.report.run.MethodResult;
import malt.app.report.run.RunData;
import malt.app.report.run.RunReader;
import malt.app.text.Numbers;

/** The result of a run as plain text for a terminal of 100 columns. */
public final class ResultTable {
  private static final int COLUMNS = 100;

  private ResultTable() {}

  /**
   * Methods with their accuracy, then comparisons, then the headline.
   *
   * @throws malt.MalformedDataException if a file of the run does not hold what it should
   */
  public static String read(Path runDirectory) {
    RunData run = RunReader.read(runDirectory);
    StringBuilder out = new StringBuilder();
    run.evaluation().ifPresent(evaluation -> tables(out, evaluation));
    Headline.of(run).forEach(sentence -> out.append(wrap(sentence)));
    return out.toString();
  }

  private static void tables(StringBuilder out, Evaluation evaluation) {
    out.append(methods(evaluation.methods()).text(COLUMNS)).append('\n');
    List<Comparison> comparisons = evaluation.comparisons();
    if (!comparisons.isEmpty()) {
      out.append(ComparisonSection.table(comparisons).text(COLUMNS)).append('\n');
    }
  }

  private static Table methods(List<MethodResult> methods) {
    List<List<String>> rows = new ArrayList<>();
    for (MethodResult method : MethodGroup.inOrder(methods)) {
      rows.add(
          List.of(
              method.name(),
              Numbers.percent(method.accuracy()),
              AccuracySection.interval(method.interval()),
              Numbers.grouped(method.n()),
              AccuracySection.calls(method.calls())));
    }
    return Table.ofNumbers(
        "", List.of("Method", "Accuracy %", "95 % interval", "Answers", "Calls"), rows);
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
