package malt.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import malt.MaltException;
import malt.agent.AgentRole;
import malt.agent.AgentTeam;
import malt.credit.ValuedTree;
import malt.data.DatasetBuilder;
import malt.data.DatasetFiles;
import malt.data.RoleDataset;
import malt.model.AdapterRef;
import malt.model.LanguageModel;
import malt.model.Remark;
import malt.problem.Benchmark;
import malt.problem.Problem;
import malt.tree.Branching;
import malt.tree.ExpansionProgress;
import malt.tree.Lineage;
import malt.tree.SearchTree;
import malt.tree.Substitution;
import malt.tree.TreeExpander;
import malt.tree.TreeJournal;
import org.jspecify.annotations.Nullable;

/** One seed's part of a run: its journal, its training sets, its adapters. */
final class SeedRun implements AutoCloseable {
  private final ExperimentConfig config;
  private final Benchmark benchmark;
  private final Stages stages;
  private final long seed;
  private final Path directory;
  private final TreeJournal journal;
  private final Roster roster;
  private final Timings timings;
  private final Samplers samplers;
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
    this.benchmark = benchmark;
    this.stages = stages;
    this.seed = seed;
    this.samplers = samplers;
    this.directory = run.seed(seed);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new MaltException("cannot make %s: %s".formatted(directory, e), e);
    }
    this.timings = new Timings(directory.resolve("timings.json"));
    this.roster = new Roster(config, directory);
    this.journal = TreeJournal.open(directory.resolve("journal.db"));
  }

  long seed() {
    return seed;
  }

  Roster roster() {
    return roster;
  }

  Timings timings() {
    return timings;
  }

  Path directory(Schedule schedule) {
    return directory.resolve(schedule.directory());
  }

  /**
   * Where it is wished, makes the failed completions of a schedule's trees be sampled again, and
   * its training sets anew; once.
   */
  void retryTraining(Schedule schedule) {
    if (!samplers.retryFailed() || !forgotten.add(scope(schedule))) {
      return;
    }
    long failed = journal.failures(scope(schedule));
    if (failed > 0 && Files.isDirectory(directory(schedule).resolve("metrics"))) {
      stages.warn(
          "%d failed completions of the trees of %s stay as they are: adapters were trained on these trees; another --name samples all anew"
              .formatted(failed, directory(schedule)));
    } else if (failed > 0) {
      try {
        Files.deleteIfExists(statistics(schedule));
      } catch (IOException e) {
        throw new MaltException("cannot remove %s: %s".formatted(statistics(schedule), e), e);
      }
      journal.forgetFailed(scope(schedule));
    }
  }

  /** The same for the passes of an evaluation. */
  void retryEvaluation(String scope) {
    if (samplers.retryFailed() && forgotten.add(scope)) {
      journal.forgetFailed(scope);
    }
  }

  /** Whether the training sets of a schedule are complete. */
  boolean collected(Schedule schedule) {
    return Files.exists(statistics(schedule));
  }

  private Path statistics(Schedule schedule) {
    return directory(schedule).resolve("statistics.json");
  }

  /** The team that samples a schedule's tree; its generator is the one that will be evaluated. */
  AgentTeam collector(Schedule schedule) {
    AgentRole first = config.roles().get(0);
    Map<AgentRole, AdapterRef> adapters =
        switch (schedule) {
          case JOINT -> Map.of();
          case GENERATOR_FIRST -> Map.of(first, roster.malt(schedule).get(first));
          case SFT_FIRST -> {
            Map<AgentRole, AdapterRef> team = roster.star(schedule);
            team.put(first, roster.malt(schedule).get(first));
            yield team;
          }
        };
    return roster.collecting().withAdapters(adapters);
  }

  private Branching branching(Schedule schedule) {
    return schedule == Schedule.JOINT
        ? new Branching(
            config.team().stream().map(ExperimentConfig.RoleSettings::branching).toList())
        : new Branching(config.secondTreeBranching());
  }

  /**
   * Trajectory expansion of the training problems, or what the journal holds of it, and credit
   * assignment; one chunk of problems is in memory at a time.
   */
  void eachTrainingTree(Schedule schedule, String stage, Consumer<ValuedTree> visitor) {
    AgentTeam team = collector(schedule);
    expand(
        stage + " " + schedule.directory(),
        samplers.collecting(),
        scope(schedule),
        team,
        benchmark.train(),
        branching(schedule),
        null,
        tree -> visitor.accept(config.credit().value(tree, team, benchmark.grader())));
  }

  private static String scope(Schedule schedule) {
    return "train/" + schedule.directory();
  }

  /** Takes over the nodes of a schedule's training trees that another run sampled. */
  void copyTraining(SeedRun other, Schedule schedule) {
    AgentTeam team = collector(schedule);
    String scope = scope(schedule);
    for (int turn = 0; turn < team.turns(); turn++) {
      Lineage lineage = Lineage.of(team, turn);
      for (Problem problem : benchmark.train()) {
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
        "evaluate " + contestant.name(),
        samplers.evaluating(),
        scope,
        contestant.team(),
        problems,
        contestant.branching(),
        contestant.substitution(),
        visitor);
  }

  private void expand(
      String stageName,
      LanguageModel model,
      String scope,
      AgentTeam team,
      List<Problem> problems,
      Branching branching,
      @Nullable Substitution substitution,
      Consumer<SearchTree> visitor) {
    long total = branching.descendants(-1) * problems.size();
    try (Stages.Stage stage = stages.start(label(stageName), "nodes", total)) {
      long[] done = {0};
      long[] sampled = {0};
      TreeExpander expander =
          new TreeExpander(
              journal,
              model,
              scope,
              seed,
              config.sampling().problemsPerCall(),
              progress -> {
                stage.advance(progress.done() - done[0], progress.tokens());
                done[0] = progress.done();
                sampled[0] += progress.sampled();
                tell(stageName, progress);
              });
      timings.time(
          stageName,
          () -> sampled[0] > 0,
          () -> expander.expand(team, problems, branching, substitution, visitor));
      if (sampled[0] > 0) {
        RemarkCounts.write(directory.resolve("remarks.json"), journal.remarks());
      }
    }
  }

  /** Once of each kind, as soon as it happens. */
  private void tell(String stageName, ExpansionProgress progress) {
    for (Remark remark : progress.remarks()) {
      if (warned.add(remark)) {
        stages.warn(
            "%s, %s: some %s".formatted(label(stageName), progress.name(), remark.sentence()));
      }
    }
  }

  String label(String stageName) {
    return config.seeds().size() == 1 ? stageName : "seed " + seed + " " + stageName;
  }

  /** Makes and keeps every role's training sets of the training trees. */
  void collect(Schedule schedule) {
    AgentTeam team = collector(schedule);
    DatasetBuilder builder =
        new DatasetBuilder(
            team,
            Set.copyOf(config.datasets().pairRoles()),
            benchmark.grader(),
            config.datasets(),
            seed);
    Lineage lineage = Lineage.of(team);
    try (TrainingSets sets =
        new TrainingSets(
            this,
            schedule,
            config.roles(),
            builder,
            values -> journal.saveValues(scope(schedule), lineage, values))) {
      eachTrainingTree(schedule, "collect", sets::count);
      sets.decide();
      eachTrainingTree(schedule, "training sets", sets::take);
      sets.complete(statistics(schedule));
    }
  }

  /** A role's training sets as they are kept. */
  RoleDataset sets(Schedule schedule, AgentRole role) {
    return new RoleDataset(
        DatasetFiles.readExamples(dataset(schedule, role, "sft")),
        DatasetFiles.readPairs(dataset(schedule, role, "dpo")));
  }

  /** A role's training set of a stage, "sft" or "dpo". */
  Path dataset(Schedule schedule, AgentRole role, String stage) {
    return directory(schedule).resolve(role.name()).resolve(stage + ".jsonl");
  }

  Path metrics(Schedule schedule, AgentRole role, String stage) {
    return directory(schedule).resolve("metrics").resolve(role + "-" + stage + ".jsonl");
  }

  @Override
  public void close() {
    journal.close();
  }
}
