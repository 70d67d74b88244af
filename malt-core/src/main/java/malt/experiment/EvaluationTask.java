package malt.experiment;

import java.util.List;
import malt.evaluation.PaperNumbers;
import malt.problem.Grader;
import malt.problem.Problem;

/**
 * Which questions a run's teams are evaluated on, and in which rows.
 *
 * @param scope of the answers in the journal: "dev", "test", "test/gsm-symbolic"
 * @param benchmark as the report names it
 * @param rows of the table, separated by commas; "" for all that the configuration asks for
 * @param paper shown beside our own numbers
 * @param target where its numbers are written
 */
public record EvaluationTask(
    String scope,
    List<Problem> problems,
    String benchmark,
    Grader grader,
    String rows,
    PaperNumbers paper,
    RunLayout target) {
  public EvaluationTask {
    problems = List.copyOf(problems);
  }

  /** The same questions for these rows alone. */
  public EvaluationTask withRows(String names, RunLayout elsewhere) {
    return new EvaluationTask(scope, problems, benchmark, grader, names, paper, elsewhere);
  }
}
