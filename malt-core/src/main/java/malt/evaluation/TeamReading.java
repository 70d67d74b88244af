package malt.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.agent.Judgement;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Problem;
import malt.tree.SearchTree;
import org.jspecify.annotations.Nullable;

/**
 * Reads methods out of the passes of one team over the test problems, in one seed. Trees pass by
 * one after the other, each with branching [k, 1, ..., 1]; none is kept.
 */
public final class TeamReading {
  private final Evaluator evaluator;
  private final long seed;
  private final String team;
  private final List<Turn> turns;
  private final List<Method> methods;
  private final Set<String> problems = new HashSet<>();
  private final Map<String, List<QuestionOutcome>> outcomes = new LinkedHashMap<>();
  private final Map<String, GradingCounts> grading = new LinkedHashMap<>();
  private final Map<String, Long> tokens = new LinkedHashMap<>();
  private @Nullable TeamDiagnosis diagnosis;

  TeamReading(Evaluator evaluator, long seed, EvaluatedTeam team, List<Method> methods) {
    this.evaluator = evaluator;
    this.seed = seed;
    this.team = team.name();
    this.turns = team.turns();
    this.methods = methods.stream().filter(method -> method.team().equals(team.name())).toList();
    for (Method method : this.methods) {
      outcomes.put(method.name(), new ArrayList<>());
      grading.put(method.name(), GradingCounts.NONE);
    }
    this.diagnosis = turns.size() == 1 || team.voters() > 1 ? null : TeamDiagnosis.none(turns);
  }

  /**
   * Reads the passes over one problem.
   *
   * @throws MalformedDataException if they are not complete, or were read before
   * @throws ConfigException if there are fewer than a method reads
   */
  public void add(SearchTree tree) {
    Problem problem = tree.problem();
    List<Pass> passes = Pass.of(tree);
    if (!problems.add(problem.id())) {
      throw malformed(problem, "it was sampled twice");
    }
    passes.forEach(pass -> check(problem, pass));
    for (Method method : methods) {
      List<Ballot> ballots = ballots(method, problem, passes);
      outcomes
          .computeIfAbsent(method.name(), name -> new ArrayList<>())
          .add(evaluator.outcome(method, seed, problem, ballots));
      grading.merge(
          method.name(), evaluator.count(problem.question(), ballots), GradingCounts::plus);
      tokens.merge(method.name(), tokens(method, passes), Long::sum);
    }
    if (diagnosis != null) {
      for (Pass pass : passes) {
        diagnosis = diagnosis.plus(evaluator.diagnosis(turns, problem, pass));
      }
    }
  }

  /** Of the completions that a method asks for, whether it reads them or others read those. */
  private long tokens(Method method, List<Pass> passes) {
    return passes.stream()
        .limit(method.strategy().passes())
        .flatMap(pass -> pass.completions().stream().limit(method.strategy().turns(turns.size())))
        .mapToLong(completion -> completion.ids().length)
        .sum();
  }

  private void check(Problem problem, Pass pass) {
    int size = pass.completions().size();
    if (size > turns.size() || (size < turns.size() && !over(pass.completions()))) {
      throw malformed(
          problem, "a pass has %d of %d turns; finish sampling".formatted(size, turns.size()));
    }
  }

  /** Whether the last completion failed, or nobody objected to the answer so far. */
  private boolean over(List<Completion> said) {
    Completion last = said.get(said.size() - 1);
    Judgement judges = turns.get(said.size() - 1).judges();
    return last.finish() == FinishReason.FAILED || (judges != null && judges.closes(last.text()));
  }

  private MalformedDataException malformed(Problem problem, String what) {
    return new MalformedDataException(
        "seed %d, team %s, problem %s: %s".formatted(seed, team, problem.id(), what));
  }

  private List<Ballot> ballots(Method method, Problem problem, List<Pass> all) {
    int wanted = method.strategy().passes();
    if (all.size() < wanted) {
      throw new ConfigException(
          "method %s reads %d passes a question, but team %s has %d for problem %s"
              .formatted(method.name(), wanted, team, all.size(), problem.id()));
    }
    return method.strategy().ballots(all.subList(0, wanted), turns);
  }

  /** What was read so far: of each method, question by question. */
  public TeamEvaluation evaluation() {
    List<QuestionOutcome> all = outcomes.values().stream().flatMap(List::stream).toList();
    return new TeamEvaluation(seed, team, turns, all, grading, tokens, Map.of(), diagnosis);
  }
}
