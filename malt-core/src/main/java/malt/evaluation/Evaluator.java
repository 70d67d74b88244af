package malt.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.ConfigException;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import malt.problem.Problem;
import malt.tree.SearchTree;
import org.jspecify.annotations.Nullable;

/**
 * Reads methods out of passes that were sampled before: first every team of every seed by itself,
 * so that only one team's passes need be in memory, then the report from what is left of them.
 */
public final class Evaluator {
  private final Grader grader;
  private final @Nullable FlagDetector flags;

  /**
   * An evaluator.
   *
   * @param flags recognises critiques that flag an answer; null leaves the verifier unjudged
   */
  public Evaluator(Grader grader, @Nullable FlagDetector flags) {
    this.grader = grader;
    this.flags = flags;
  }

  /** Reads the methods of this team out of its passes; methods of other teams are left alone. */
  public TeamEvaluation evaluate(TeamPasses passes, List<Method> methods) {
    List<Method> own =
        methods.stream().filter(method -> method.team().equals(passes.team())).toList();
    List<QuestionOutcome> outcomes = new ArrayList<>();
    Map<String, GradingCounts> grading = new LinkedHashMap<>();
    for (Method method : own) {
      GradingCounts counts = GradingCounts.NONE;
      for (SearchTree tree : passes.trees()) {
        List<Ballot> ballots = ballots(method, passes, tree);
        outcomes.add(outcome(method, passes.seed(), tree.problem(), ballots));
        counts = counts.plus(count(tree.problem().question(), ballots));
      }
      grading.put(method.name(), counts);
    }
    boolean debate = own.stream().anyMatch(method -> method.strategy() instanceof DebateVote);
    int turns = passes.roles().size();
    TeamDiagnosis diagnosis = turns == 1 || debate ? null : new Diagnosis(grader, flags).of(passes);
    return new TeamEvaluation(passes.seed(), passes.team(), turns, outcomes, grading, diagnosis);
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

  private static List<Ballot> ballots(Method method, TeamPasses passes, SearchTree tree) {
    List<Pass> all = Pass.of(tree);
    int wanted = method.strategy().passes();
    if (all.size() < wanted) {
      throw new ConfigException(
          "method %s reads %d passes a question, but team %s has %d for problem %s"
              .formatted(method.name(), wanted, passes.team(), all.size(), tree.problem().id()));
    }
    return method.strategy().ballots(all.subList(0, wanted), passes.roles().size());
  }

  private QuestionOutcome outcome(Method method, long seed, Problem problem, List<Ballot> ballots) {
    List<Completion> valid =
        ballots.stream().filter(ballot -> !ballot.failed()).map(Ballot::completion).toList();
    if (valid.isEmpty()) {
      return new QuestionOutcome(method.name(), seed, problem.id(), null, Grade.UNGRADABLE);
    }
    Optional<Completion> winner = MajorityVote.winner(grader, problem.question(), valid);
    Grading grading = grader.grade(problem, winner.orElse(valid.get(0)).response());
    return new QuestionOutcome(
        method.name(), seed, problem.id(), grading.extracted(), grading.grade());
  }

  private GradingCounts count(String question, List<Ballot> ballots) {
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
}
