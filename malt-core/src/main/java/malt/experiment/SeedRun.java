package malt.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import malt.MaltException;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.credit.Pooling;
import malt.credit.ValueIteration;
import malt.credit.ValuedTree;
import malt.data.DatasetBuilder;
import malt.data.DatasetFiles;
import malt.data.Distillation;
import malt.data.RoleDataset;
import malt.model.Remark;
import malt.problem.Benchmark;
import malt.problem.Problem;
import malt.training.PpoSettings;
import malt.tree.AdaptiveGrowth;
import malt.tree.Branching;
import malt.tree.ChunkExpander;
import malt.tree.ExpansionProgress;
import malt.tree.Lineage;
import malt.tree.NodeValue;
import malt.tree.SearchTree;
import malt.tree.Substitution;
import malt.tree.TreeExpander;
import malt.tree.TreeJournal;
import org.jspecify.annotations.Nullable;

/** One seed's part of a run: its journal, its training sets, its adapters. */
final class SeedRun implements AutoCloseable {
  private static final ValueIteration BY_ANSWER = new ValueIteration(0.5, Pooling.GLOBAL);

  private final ExperimentConfig config;
  private final Benchmark benchmark;
  private final Stages stages;
  private final long seed;
  private final RunLayout.Seed layout;
  private final TreeJournal journal;
  private final Teams teams;
  private final EarlyStopping stopping;
  private final Finished finished;
  private final Timings timings;
  private final Samplers samplers;
  private final Plan plan;
  private final Set<String> forgotten = new HashSet<>();
  private final Set<Remark> warned = EnumSet.noneOf(Remark.class);

  SeedRun(
      ExperimentConfig config,
      RunDirectory run,
      long seed,
      Samplers samplers,
      Benchmark benchmark,
      Stages stages) {
    this.config = config;
    this.plan = Plan.of(config);
    this.benchmark = benchmark;
    this.stages = stages;
    this.seed = seed;
    this.samplers = samplers;
    this.layout = run.layout().seed(seed);
    try {
      Files.createDirectories(layout.root());
    } catch (IOException e) {
      throw new MaltException("cannot make %s: %s".formatted(layout.root(), e), e);
    }
    this.timings = new Timings(layout.timings());
    this.teams = new Teams(config, layout);
    this.stopping = new EarlyStopping(layout);
    this.finished = new Finished(teams, layout);
    this.journal = TreeJournal.open(layout.journal());
  }

  long seed() {
    return seed;
  }

  RunLayout.Seed layout() {
    return layout;
  }

  Teams teams() {
    return teams;
  }

  /** What of the plan is done. */
  Finished finished() {
    return finished;
  }

  /** What teams took to train. */
  TrainingCosts costs() {
    return new TrainingCosts(teams, layout, journal);
  }

  Timings timings() {
    return timings;
  }

  /**
   * Where it is wished, makes the failed completions of the trees that a round samples be sampled
   * again, and the training sets of all rounds that read them anew; once.
   */
  void retryTraining(Plan.Round round) {
    round.own().ifPresent(this::retry);
  }

  private void retry(Plan.Trees trees) {
    if (!samplers.retryFailed() || !forgotten.add(trees.scope())) {
      return;
    }
    List<RunLayout.Round> readers =
        plan.rounds().stream()
            .filter(round -> round.trees().contains(trees))
            .map(round -> layout.round(round.name()))
            .toList();
    long failed = journal.failures(trees.scope());
    if (failed > 0 && readers.stream().anyMatch(this::trained)) {
      stages.warn(
          "%d failed completions of the trees of %s stay as they are: adapters were trained on these trees; another --name samples all anew"
              .formatted(failed, layout.round(trees.round()).root()));
    } else if (failed > 0) {
      for (RunLayout.Round part : readers) {
        try {
          Files.deleteIfExists(part.statistics());
        } catch (IOException e) {
          throw new MaltException("cannot remove %s: %s".formatted(part.statistics(), e), e);
        }
      }
      journal.forgetFailed(trees.scope());
    }
  }

  /** Whether an adapter was trained from a round's sets. */
  private boolean trained(RunLayout.Round part) {
    return Stream.concat(config.roles().stream(), Stream.of(Distillation.STUDENT))
        .anyMatch(
            role ->
                Stream.of(Learning.values())
                    .anyMatch(method -> Files.exists(part.metrics(role, method))));
  }

  /** The same for the passes of an evaluation. */
  void retryEvaluation(String scope) {
    if (samplers.retryFailed() && forgotten.add(scope)) {
      journal.forgetFailed(scope);
    }
  }

  /** The trees that a round reads, without those of repetitions that there were not. */
  private List<Plan.Trees> trees(Plan.Round round) {
    Set<String> skipped = new HashSet<>();
    for (Plan.Round each : plan.rounds()) {
      if (finished.skips(each)) {
        skipped.add(each.name());
      }
    }
    return round.trees().stream().filter(trees -> !skipped.contains(trees.round())).toList();
  }

  /** All trees of a round, those of earlier rounds first, with its labels. */
  void eachTrainingTree(Plan.Round round, Task.Job job, Consumer<ValuedTree> visitor) {
    trees(round).forEach(trees -> eachTrainingTree(round, trees, job, visitor));
  }

  /**
   * Trajectory expansion of the training problems, or what the journal holds of it, and credit
   * assignment; one chunk of problems is in memory at a time.
   */
  private void eachTrainingTree(
      Plan.Round round, Plan.Trees trees, Task.Job job, Consumer<ValuedTree> visitor) {
    AgentTeam team = teams.collecting(trees.sampling());
    boolean own = trees.round().equals(round.name());
    expand(
        task(
            job,
            round.name(),
            own ? round.name() : round.name() + " from the trees of " + trees.round()),
        samplers.collecting(),
        trees.scope(),
        team,
        benchmark.train(seed),
        trees.branching(),
        growth(trees),
        null,
        tree -> visitor.accept(round.credit().value(tree, team, benchmark.grader())));
  }

  private @Nullable AdaptiveGrowth growth(Plan.Trees trees) {
    Plan.Growth growth = trees.growth();
    return growth == null ? null : growth.by(benchmark.grader());
  }

  /** Takes over the nodes of trees that another run sampled. */
  void copyTraining(SeedRun other, Plan.Trees trees) {
    AgentTeam team = teams.collecting(trees.sampling());
    String scope = trees.scope();
    for (int turn = 0; turn < team.turns(); turn++) {
      Lineage lineage = Lineage.of(team, turn);
      for (Problem problem : benchmark.train(seed)) {
        if (journal.read(scope, lineage, List.of(problem.id())).isEmpty()) {
          journal.append(scope, lineage, other.journal.read(scope, lineage, List.of(problem.id())));
        }
      }
    }
  }

  /** A contestant's passes over the questions of an evaluation, a chunk of them at a time. */
  void eachEvaluationTree(
      Contestant contestant, String scope, List<Problem> problems, Consumer<SearchTree> visitor) {
    expand(
        task(Task.Job.EVALUATE, "", contestant.name()),
        samplers.evaluating(),
        scope,
        contestant.team(),
        problems,
        contestant.branching(),
        null,
        contestant.substitution(),
        visitor);
  }

  private void expand(
      Task task,
      ChunkExpander expander,
      String scope,
      AgentTeam team,
      List<Problem> problems,
      Branching branching,
      @Nullable AdaptiveGrowth adaptive,
      @Nullable Substitution substitution,
      Consumer<SearchTree> visitor) {
    long total = branching.descendants(-1) * problems.size();
    try (Stages.Stage stage = stages.start(shown(task), "nodes", total)) {
      ExpansionStage expansion = new ExpansionStage(stage, progress -> tell(task, progress));
      TreeExpander trees =
          new TreeExpander(
              journal, expander, scope, seed, config.sampling().problemsPerCall(), expansion);
      timings.time(
          task.name(),
          () -> expansion.sampled() > 0,
          () -> trees.expand(team, problems, branching, adaptive, substitution, visitor));
      if (expansion.sampled() > 0) {
        RemarkCounts.write(layout.remarks(), journal.remarks());
      }
    }
  }

  /** Once of each kind, as soon as it happens. */
  private void tell(Task task, ExpansionProgress progress) {
    for (Remark remark : progress.remarks()) {
      if (warned.add(remark)) {
        stages.warn(
            "%s, %s: some %s".formatted(shown(task).name(), progress.name(), remark.sentence()));
      }
    }
  }

  Task task(Task.Job job, String round, String object) {
    return Task.of(job, seed, round, object);
  }

  /** By the name under which it is told apart from those of other seeds. */
  Task shown(Task task) {
    return config.seeds().size() == 1 ? task : task.named("seed " + seed + " " + task.name());
  }

  /** Makes and keeps every role's training sets of a round's trees. */
  void collect(Plan.Round round) {
    AgentTeam team = teams.collecting(Plan.Cast.BASE); // sets know turns and prompts, not adapters
    PpoSettings ppo = round.recipe().ppo();
    DatasetBuilder builder =
        new DatasetBuilder(
            team,
            Set.copyOf(config.learners(Learning.DPO)),
            plan.trained(round.name(), Learning.PPO),
            ppo != null && ppo.normalised(),
            benchmark.grader(),
            round.recipe().datasets(),
            seed);
    try (TrainingSets sets =
        new TrainingSets(
            layout.round(round.name()),
            team,
            builder,
            distillation(round, team),
            values -> round.own().ifPresent(own -> saveValues(own, values)))) {
      RoundDiagnosis.Counter speech = new RoundDiagnosis.Counter(team, benchmark.grader());
      for (Plan.Trees trees : trees(round)) {
        boolean own = trees.round().equals(round.name());
        eachTrainingTree(
            round,
            trees,
            Task.Job.COLLECT,
            tree -> {
              sets.count(tree, own);
              if (own) {
                speech.add(tree);
              }
            });
      }
      if (round.own().isPresent()) {
        diagnose(round, speech.diagnosis());
      }
      sets.decide();
      eachTrainingTree(round, Task.Job.TRAINING_SETS, sets::take);
      sets.complete();
    }
  }

  private @Nullable Distillation distillation(Plan.Round round, AgentTeam team) {
    ExperimentConfig.DistilSettings distil = round.distil();
    return distil == null
        ? null
        : new Distillation(
            team,
            ExperimentConfig.template(distil.prompt()),
            distil.says() == ExperimentConfig.DistilSettings.Says.CONVERSATION,
            benchmark.grader(),
            round.recipe().datasets(),
            seed);
  }

  private void diagnose(Plan.Round round, RoundDiagnosis speech) {
    speech.write(layout.round(round.name()).diagnosis());
    plan.before(round)
        .filter(before -> Files.exists(layout.round(before.name()).diagnosis()))
        .ifPresent(
            before ->
                speech
                    .warnings(
                        "the trees of " + round.name(),
                        RoundDiagnosis.read(layout.round(before.name()).diagnosis()),
                        before.name())
                    .forEach(stages::warn));
  }

  /** Where repetitions may end early, asks the team of this one the dev questions. */
  void measure(Plan.Round round) {
    Plan.EarlyStop stop = round.stop();
    if (stop == null) {
      return;
    }
    List<RoundDiagnosis> measured = new ArrayList<>(stopping.measured(stop));
    int wanted = stop.rounds().indexOf(round.name()) + 2; // one of them before the first
    while (measured.size() < wanted) {
      boolean first = measured.isEmpty();
      AgentTeam team = teams.evaluating(first ? stop.before() : round.team());
      RoundDiagnosis.Counter speech = new RoundDiagnosis.Counter(team, benchmark.grader());
      expand(
          task(Task.Job.MEASURE, round.name(), (first ? "before " : "") + round.name()),
          samplers.evaluating(),
          "dev",
          team,
          benchmark.dev(),
          Branching.passes(config.evaluation().votes(), team.turns()),
          null,
          null,
          tree -> speech.add(BY_ANSWER.value(tree, team, benchmark.grader())));
      RoundDiagnosis now = speech.diagnosis();
      if (!first) {
        now.warnings(
                "the dev questions after " + round.name(),
                measured.get(measured.size() - 1),
                "the last measurement")
            .forEach(stages::warn);
      }
      measured.add(now);
      stopping.write(stop, measured);
    }
  }

  private void saveValues(Plan.Trees trees, List<NodeValue> values) {
    journal.saveValues(trees.scope(), Lineage.of(teams.collecting(trees.sampling())), values);
  }

  /** A role's training sets of a round as they are kept. */
  RoleDataset sets(Plan.Round round, AgentRole role) {
    RunLayout.Round part = layout.round(round.name());
    return new RoleDataset(
        DatasetFiles.readExamples(part.set(role, Learning.SFT)),
        DatasetFiles.readPairs(part.set(role, Learning.DPO)),
        DatasetFiles.readPolicy(part.set(role, Learning.PPO)));
  }

  @Override
  public void close() {
    journal.close();
  }
}
