package malt.experiment;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import malt.agent.AgentRole;
import malt.evaluation.EvaluatedTeam;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.evaluation.EvaluationSubject;
import malt.evaluation.Evaluator;
import malt.evaluation.Method;
import malt.evaluation.PaperTable;
import malt.evaluation.QuestionOutcome;
import malt.evaluation.TeamEvaluation;
import malt.evaluation.TeamReading;
import malt.evaluation.TrainingCost;

/** The last stage: the rows asked for, from no more passes than they read. */
final class Evaluation {
  private final ExperimentConfig config;
  private final Plan plan;
  private final EvaluationTask task;
  private final Function<Long, SeedRun> seeds;
  private final Clock clock;

  /**
   * @param seeds opens a seed's part of the run
   */
  Evaluation(
      ExperimentConfig config,
      Plan plan,
      EvaluationTask task,
      Function<Long, SeedRun> seeds,
      Clock clock) {
    this.config = config;
    this.plan = plan;
    this.task = task;
    this.seeds = seeds;
    this.clock = clock;
  }

  /** What must be trained before a team can be evaluated. */
  interface Requirement {
    void check(SeedRun run, Set<Plan.Schedule> schedules);
  }

  EvaluationReport report(Requirement trained) {
    List<Method> methods = methods();
    Evaluator evaluator = new Evaluator(task.grader());
    List<TeamEvaluation> evaluations = new ArrayList<>();
    for (long seed : config.seeds()) {
      try (SeedRun run = seeds.apply(seed)) {
        List<Contestant> contestants = contestants(run, methods);
        trained.check(run, schedules(contestants));
        run.retryEvaluation(task.scope());
        for (Contestant contestant : contestants) {
          evaluations.add(evaluate(run, evaluator, contestant, methods));
        }
      }
    }
    EvaluationReport report =
        evaluator.report(subject(), evaluations, methods, PaperTable.comparisons(methods));
    List<QuestionOutcome> outcomes =
        evaluations.stream().flatMap(evaluation -> evaluation.outcomes().stream()).toList();
    EvaluationFiles.writeOutcomes(task.target().outcomes(), outcomes);
    EvaluationFiles.write(task.target().evaluation(), report);
    return report;
  }

  private TeamEvaluation evaluate(
      SeedRun run, Evaluator evaluator, Contestant contestant, List<Method> methods) {
    List<Method> own =
        methods.stream().filter(method -> method.team().equals(contestant.name())).toList();
    Contestant cut = contestant.onlyFor(own);
    TeamReading reading = evaluator.read(run.seed(), cut.identity(), own);
    run.eachEvaluationTree(cut, task.scope(), task.problems(), reading::add);
    TeamEvaluation evaluation = reading.evaluation().costing(costs(run, contestant, own));
    return cut.team().turns() < contestant.team().turns() ? evaluation.undiagnosed() : evaluation;
  }

  /** What the training of each method took; the first turn alone needed no other role's. */
  private static Map<String, TrainingCost> costs(
      SeedRun run, Contestant contestant, List<Method> methods) {
    Map<String, TrainingCost> costs = new LinkedHashMap<>();
    Plan.Schedule schedule = contestant.schedule();
    if (schedule != null) {
      for (Method method : methods) {
        List<AgentRole> roles = contestant.team().roles();
        List<AgentRole> speaking = method.meaning().alone() ? roles.subList(0, 1) : roles;
        costs.put(method.name(), run.costs().of(schedule, contestant.cast(), speaking));
      }
    }
    return costs;
  }

  private List<Contestant> everyone(SeedRun run) {
    ExperimentConfig.EvaluationSettings settings = config.evaluation();
    return Contestant.all(
        config,
        plan,
        task.rows().isEmpty() ? settings : settings.widest(config.run()),
        run.teams());
  }

  private List<Method> methods() {
    List<EvaluatedTeam> teams;
    try (SeedRun run = seeds.apply(config.seeds().get(0))) {
      teams = everyone(run).stream().map(Contestant::identity).toList();
    }
    List<Method> methods = PaperTable.methods(teams, config.evaluation().votes());
    return task.rows().isEmpty() ? methods : Method.named(methods, task.rows());
  }

  private List<Contestant> contestants(SeedRun run, List<Method> methods) {
    Set<String> read = methods.stream().map(Method::team).collect(Collectors.toSet());
    return everyone(run).stream().filter(contestant -> read.contains(contestant.name())).toList();
  }

  private static Set<Plan.Schedule> schedules(List<Contestant> contestants) {
    Set<Plan.Schedule> schedules = new LinkedHashSet<>();
    for (Contestant contestant : contestants) {
      if (contestant.schedule() != null) {
        schedules.add(contestant.schedule());
      }
    }
    return schedules;
  }

  private EvaluationSubject subject() {
    return new EvaluationSubject(
        config.name(),
        Instant.now(clock),
        config.model().path(),
        task.benchmark(),
        task.grader().name(),
        config.evaluation().votes(),
        task.paper());
  }
}
