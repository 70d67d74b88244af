package malt.experiment;

import java.time.Clock;
import java.util.function.BiConsumer;
import malt.ConfigException;
import malt.evaluation.EvaluationReport;
import malt.evaluation.PaperNumbers;
import malt.problem.Benchmark;
import malt.training.AdapterTrainer;

/**
 * The experiment of the paper, for every seed: in each round trees are grown and valued and every
 * role's sets made of them, then the round's adapters are trained; at the end the teams are
 * evaluated. What an earlier run completed is skipped.
 */
public final class MaltExperiment {
  private final ExperimentConfig config;
  private final Plan plan;
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
    this.plan = Plan.of(config);
    this.directory = directory;
    this.benchmark = benchmark;
    this.samplers = samplers;
    this.trainer = trainer;
    this.stages = stages;
    this.clock = clock;
  }

  /** Everything. */
  public EvaluationReport run() {
    train();
    return evaluate();
  }

  /** Every round of every schedule: its trees, its training sets, its adapters. */
  public void train() {
    eachSchedule(
        (run, schedule) -> {
          for (Plan.Round round : schedule.rounds()) {
            if (!run.finished().skips(round)) {
              collect(run, round);
              train(run, round);
            }
          }
        });
  }

  /** The same but for the adapters of each schedule's last round. */
  public void collect() {
    eachSchedule(
        (run, schedule) -> {
          for (Plan.Round round : schedule.rounds()) {
            if (!run.finished().skips(round)) {
              collect(run, round);
              if (!round.equals(schedule.last())) { // which the next one's trees are sampled by
                train(run, round);
              }
            }
          }
        });
  }

  private void eachSchedule(BiConsumer<SeedRun, Plan.Schedule> work) {
    for (long seed : config.seeds()) {
      try (SeedRun run = open(seed)) {
        plan.schedules().forEach(schedule -> work.accept(run, schedule));
      }
    }
  }

  private SeedRun open(long seed) {
    return new SeedRun(config, directory, seed, samplers, benchmark, stages);
  }

  /** Grows the trees of a round, values them, and makes every role's sets (paper, 3.1 and 3.2). */
  private static void collect(SeedRun run, Plan.Round round) {
    run.retryTraining(round);
    if (!run.finished().collected(round)) {
      run.collect(round);
    }
  }

  /** Trains the round's adapters step by step (paper, section 3.3), and measures its team. */
  private void train(SeedRun run, Plan.Round round) {
    RoleTraining training = new RoleTraining(config, trainer, stages, run);
    round.steps().forEach(step -> training.train(round, step));
    run.measure(round);
  }

  /**
   * Runs every team over the questions of the evaluation, and writes evaluation.json.
   *
   * @throws ConfigException if the run is not trained
   */
  public EvaluationReport evaluate() {
    return evaluate(task());
  }

  /**
   * The same for other questions, or for some rows: only what they read is sampled, and only the
   * schedules they are of must be trained.
   */
  public EvaluationReport evaluate(EvaluationTask task) {
    return new Evaluation(config, plan, task, this::open, clock)
        .report((run, schedules) -> schedules.forEach(run.finished()::require));
  }

  /** The configuration's own evaluation. */
  public EvaluationTask task() {
    boolean dev = config.problems().evaluateOn().equals("dev");
    return new EvaluationTask(
        config.problems().evaluateOn(),
        dev ? benchmark.dev() : benchmark.test(),
        benchmark.name(),
        benchmark.grader(),
        "",
        PaperNumbers.of(config.evaluation().paper()),
        directory.layout());
  }
}
