package malt.experiment;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import malt.ConfigException;
import malt.agent.AgentRole;
import malt.credit.ValuedTree;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.evaluation.EvaluationSubject;
import malt.evaluation.Evaluator;
import malt.evaluation.FlagDetector;
import malt.evaluation.Method;
import malt.evaluation.PaperTable;
import malt.evaluation.TeamEvaluation;
import malt.evaluation.TeamPasses;
import malt.problem.Benchmark;
import malt.problem.Problem;
import malt.training.AdapterTrainer;
import malt.tree.SearchTree;
import org.jspecify.annotations.Nullable;

/** The experiment of the paper: collect, train, evaluate, for every seed and schedule. */
public final class MaltExperiment {
  private final ExperimentConfig config;
  private final RunDirectory directory;
  private final Benchmark benchmark;
  private final Samplers samplers;
  private final AdapterTrainer trainer;
  private final Stages stages;
  private final Clock clock;

  public MaltExperiment(
      ExperimentConfig config,
      RunDirectory directory,
      Benchmark benchmark,
      Samplers samplers,
      AdapterTrainer trainer,
      Stages stages,
      Clock clock) {
    this.config = config;
    this.directory = directory;
    this.benchmark = benchmark;
    this.samplers = samplers;
    this.trainer = trainer;
    this.stages = stages;
    this.clock = clock;
  }

  /** Everything; what an earlier run completed is skipped. */
  public EvaluationReport run() {
    train();
    return evaluate();
  }

  /** Samples and values the trees of every schedule; generator-first trains its generator. */
  public void collect() {
    for (long seed : config.seeds()) {
      try (SeedRun run = open(seed)) {
        config.schedules().forEach(schedule -> collect(run, schedule));
      }
    }
  }

  /** Trains every role of every schedule from trees collected before, or now. */
  public void train() {
    for (long seed : config.seeds()) {
      try (SeedRun run = open(seed)) {
        for (Schedule schedule : config.schedules()) {
          collect(run, schedule);
          train(run, schedule);
        }
      }
    }
  }

  private SeedRun open(long seed) {
    return new SeedRun(config, directory, seed, samplers, benchmark, stages);
  }

  private void collect(SeedRun run, Schedule schedule) {
    if (run.collected(schedule)) {
      return;
    }
    if (schedule != Schedule.JOINT) { // whose second tree a trained team samples
      collect(run, Schedule.JOINT);
      training(run, Schedule.JOINT).sft(schedule == Schedule.SFT_FIRST ? config.roles() : first());
      training(run, Schedule.JOINT).dpo(first());
    }
    List<ValuedTree> valued = new ArrayList<>();
    for (SearchTree tree : run.expandTraining(schedule)) {
      valued.add(config.credit().value(tree, benchmark.grader()));
    }
    run.keep(schedule, valued);
  }

  private void train(SeedRun run, Schedule schedule) {
    training(run, schedule).sft(config.roles());
    training(run, schedule).dpo(config.roles());
  }

  private void requireTrained(SeedRun run) {
    for (Schedule schedule : config.schedules()) {
      if (!run.collected(schedule)) {
        throw new ConfigException(
            "%s: the training trees are not complete yet; finish with malt train or malt run"
                .formatted(run.directory(schedule)));
      }
      training(run, schedule).requireDone(config.roles());
    }
  }

  private List<AgentRole> first() {
    return config.roles().subList(0, 1);
  }

  private RoleTraining training(SeedRun run, Schedule schedule) {
    return new RoleTraining(config, trainer, stages, run, schedule);
  }

  /**
   * Runs every team over the questions of the evaluation, and writes evaluation.json.
   *
   * @throws ConfigException if the run is not trained
   */
  public EvaluationReport evaluate() {
    FlagDetector flags =
        config.evaluation().flag().isEmpty() ? null : FlagDetector.of(config.evaluation().flag());
    List<Method> methods = methods(flags);
    List<Problem> problems =
        config.problems().evaluateOn().equals("dev") ? benchmark.dev() : benchmark.test();
    Evaluator evaluator = new Evaluator(benchmark.grader(), flags);
    List<TeamEvaluation> evaluations = new ArrayList<>();
    for (long seed : config.seeds()) {
      try (SeedRun run = open(seed)) {
        requireTrained(run);
        for (Contestant contestant : Contestant.all(config, run.roster())) {
          List<String> roles =
              contestant.team().agents().stream().map(agent -> agent.role().name()).toList();
          List<SearchTree> passes = run.expandEvaluation(contestant, problems);
          evaluations.add(
              evaluator.evaluate(new TeamPasses(seed, contestant.name(), roles, passes), methods));
        }
      }
    }
    EvaluationReport report =
        evaluator.report(subject(), evaluations, methods, PaperTable.comparisons(methods));
    EvaluationFiles.write(directory.evaluation(), report);
    return report;
  }

  private List<Method> methods(@Nullable FlagDetector flags) {
    List<String> teams;
    try (SeedRun run = open(config.seeds().get(0))) {
      teams = Contestant.all(config, run.roster()).stream().map(Contestant::name).toList();
    }
    return PaperTable.methods(
        teams,
        config.evaluation().votes(),
        config.evaluation().debate().agents(),
        config.evaluation().ablations().contains(ExperimentConfig.Ablation.DROPPED_ROLE)
            ? flags
            : null);
  }

  private EvaluationSubject subject() {
    return new EvaluationSubject(
        config.name(),
        Instant.now(clock),
        config.model().path(),
        benchmark.name(),
        benchmark.grader().name(),
        config.evaluation().votes());
  }
}
