package malt.evaluation;

import java.util.List;
import java.util.Optional;
import malt.agent.MajorityVote;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import malt.problem.Problem;

/**
 * Reads methods out of passes that were sampled before: first every team of every seed by itself,
 * passing by, then the report from what is left of them.
 */
public final class Evaluator {
  private final Grader grader;

  public Evaluator(Grader grader) {
    this.grader = grader;
  }

  /**
   * Begins to read a team's passes.
   *
   * @param methods those of other teams are left alone
   */
  public TeamReading read(long seed, EvaluatedTeam team, List<Method> methods) {
    return new TeamReading(this, seed, team, methods);
  }

  /**
   * The report over all seeds.
   *
   * @param methods rows of the table, in order; each needs its team in at least one seed
   * @param comparisons between them; Holm's correction is over all of them
   */
  public EvaluationReport report(
      EvaluationSubject subject,
      List<TeamEvaluation> evaluations,
      List<Method> methods,
      List<Comparison> comparisons) {
    return new Tabulation(evaluations, methods).report(subject, comparisons);
  }

  QuestionOutcome outcome(Method method, long seed, Problem problem, List<Ballot> ballots) {
    List<Completion> valid =
        ballots.stream().filter(ballot -> !ballot.failed()).map(Ballot::completion).toList();
    if (valid.isEmpty()) {
      return new QuestionOutcome(
          method.name(), seed, problem.id(), problem.cluster(), null, Grade.UNGRADABLE);
    }
    Optional<Completion> winner = MajorityVote.winner(grader, problem.question(), valid);
    Grading grading = grader.grade(problem, winner.orElse(valid.get(0)).response());
    return new QuestionOutcome(
        method.name(), seed, problem.id(), problem.cluster(), grading.extracted(), grading.grade());
  }

  GradingCounts count(String question, List<Ballot> ballots) {
    GradingCounts counts = GradingCounts.NONE;
    for (Ballot ballot : ballots) {
      Completion completion = ballot.completion();
      boolean silent =
          !ballot.failed() && grader.extract(question, completion.response()).isEmpty();
      boolean cut = completion.finish() == FinishReason.LENGTH;
      counts =
          counts.plus(new GradingCounts(1, silent ? 1 : 0, cut ? 1 : 0, ballot.failed() ? 1 : 0));
    }
    return counts;
  }

  TeamDiagnosis diagnosis(List<Turn> turns, Problem problem, Pass pass) {
    return new Diagnosis(grader).of(turns, problem, pass);
  }
}
