package malt.experiment;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import malt.ConfigException;
import malt.agent.AgentRole;
import malt.evaluation.EvaluationReport;
import malt.evaluation.PaperNumbers;
import malt.problem.Benchmark;
import malt.training.AdapterTrainer;

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
    run.retryTraining(schedule);
    if (run.collected(schedule)) {
      return;
    }
    if (schedule != Schedule.JOINT) { // whose second tree a trained team samples
      collect(run, Schedule.JOINT);
      training(run, Schedule.JOINT).sft(schedule == Schedule.SFT_FIRST ? config.roles() : first());
      training(run, Schedule.JOINT).dpo(first());
    }
    run.collect(schedule);
  }

  private void train(SeedRun run, Schedule schedule) {
    training(run, schedule).sft(config.roles());
    training(run, schedule).dpo(config.roles());
  }

  private void requireTrained(SeedRun run, Set<Schedule> schedules) {
    for (Schedule schedule : schedules) {
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
    return evaluate(task());
  }

  /**
   * The same for other questions, or for some rows: only what they read is sampled, and only the
   * schedules they are of must be trained.
   */
  public EvaluationReport evaluate(EvaluationTask task) {
    return new Evaluation(config, task, this::open, clock).report(this::requireTrained);
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
        directory.root());
  }
}
