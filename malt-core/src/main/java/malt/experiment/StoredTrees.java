package malt.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.ModelException;
import malt.agent.Agent;
import malt.agent.AgentRole;
import malt.credit.ValuedTree;
import malt.model.LanguageModel;
import malt.problem.Benchmark;
import malt.problem.Problem;
import malt.tree.NodeValue;

/**
 * The training trees a run sampled earlier, read without any model.
 *
 * @param config with the rule of credit that labels them
 * @param benchmark with the grader that does
 */
public record StoredTrees(ExperimentConfig config, RunDirectory run, Benchmark benchmark) {
  private static final LanguageModel NO_MODEL =
      requests -> {
        throw new ModelException(
            "the run's trees are not complete; finish them with malt collect", false);
      };

  /** The first {@code count} problems' trees that a round reads in a seed, with its labels. */
  public List<ValuedTree> first(long seed, Plan.Round round, int count) {
    List<Problem> train = benchmark.train(seed);
    return read(seed, round, train.subList(0, Math.min(count, train.size())));
  }

  /** All of them, of which no more are in memory than were grown together. */
  public Stream<ValuedTree> all(long seed, Plan.Round round) {
    List<Problem> train = benchmark.train(seed);
    int slice = config.sampling().problemsPerCall();
    return IntStream.iterate(0, start -> start < train.size(), start -> start + slice)
        .mapToObj(start -> train.subList(start, Math.min(start + slice, train.size())))
        .flatMap(part -> read(seed, round, part).stream());
  }

  private List<ValuedTree> read(long seed, Plan.Round round, List<Problem> problems) {
    Benchmark part =
        new Benchmark(benchmark.name(), problems, List.of(), List.of(), benchmark.grader());
    List<ValuedTree> trees = new ArrayList<>();
    try (SeedRun seedRun = new StoredTrees(config, run, part).open(seed, Stages.silent())) {
      seedRun.eachTrainingTree(round, Task.Job.READ, trees::add);
    }
    return trees;
  }

  private SeedRun open(long seed, Stages stages) {
    return new SeedRun(config, run, seed, Samplers.of(NO_MODEL), benchmark, stages);
  }

  /**
   * Starts a run with another rule of credit or another grader from the first trees of this one,
   * without sampling: its labels, values and training sets. Rounds with trees of a team that this
   * run trained are left out, since it would have been trained on other labels.
   *
   * @param after the run to start
   * @return what has changed
   */
  public Relabelling relabel(StoredTrees after, Stages stages) {
    if (config.sampling().adaptive() != null) {
      throw new ConfigException(
          "%s: its trees grew where labels were uncertain (sampling.adaptive), so other labels would ask for other trees; regrade a run without it"
              .formatted(run.root()));
    }
    Plan plan = Plan.of(config);
    Plan changed = Plan.of(after.config);
    List<AgentRole> turns = Teams.untrained(config).agents().stream().map(Agent::role).toList();
    Relabelling changes = Relabelling.none();
    for (long seed : after.config.seeds()) {
      try (SeedRun old = open(seed, Stages.silent());
          SeedRun fresh = after.open(seed, stages)) {
        for (int i = 0; i < plan.rounds().size(); i++) {
          Plan.Round was = plan.rounds().get(i);
          Plan.Round is = changed.rounds().get(i);
          if (!old.finished().skips(was)
              && was.trees().stream().allMatch(trees -> trees.sampling().given())) {
            was.trees().forEach(trees -> fresh.copyTraining(old, trees));
            if (!fresh.finished().collected(is)) {
              fresh.collect(is);
            }
            changes =
                changes.plus(Relabelling.ofNodes(seed, turns, values(old, was), values(fresh, is)));
            for (AgentRole role : config.roles()) {
              changes =
                  changes.plus(
                      Relabelling.ofSets(seed, role, old.sets(was, role), fresh.sets(is, role)));
            }
          }
        }
      }
    }
    return changes;
  }

  private static List<NodeValue> values(SeedRun run, Plan.Round round) {
    List<NodeValue> values = new ArrayList<>();
    run.eachTrainingTree(round, Task.Job.COMPARE, tree -> values.addAll(tree.values()));
    return values;
  }
}
