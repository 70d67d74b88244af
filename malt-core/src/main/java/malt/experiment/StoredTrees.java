package malt.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import malt.ModelException;
import malt.agent.AgentRole;
import malt.credit.ValuedTree;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.SamplingRequest;
import malt.problem.Benchmark;
import malt.problem.Problem;
import malt.tree.NodeValue;

/** The training trees a run sampled earlier, read without any model. */
public final class StoredTrees {
  private static final LanguageModel NO_MODEL =
      new LanguageModel() {
        @Override
        public List<List<Completion>> sample(List<SamplingRequest> requests) {
          throw new ModelException(
              "the run's trees are not complete; finish them with malt collect", false);
        }
      };

  private StoredTrees() {}

  /** The first {@code count} problems' trees of a seed, valued by the configuration's rule. */
  public static List<ValuedTree> read(Labelled run, long seed, Schedule schedule, int count) {
    List<Problem> train = run.benchmark().train();
    return read(run, seed, schedule, train.subList(0, Math.min(count, train.size())));
  }

  /** All trees of a seed, of which no more are in memory than were grown together. */
  public static Stream<ValuedTree> all(Labelled run, long seed, Schedule schedule) {
    List<Problem> train = run.benchmark().train();
    int slice = run.config().sampling().problemsPerCall();
    return IntStream.iterate(0, start -> start < train.size(), start -> start + slice)
        .mapToObj(start -> train.subList(start, Math.min(start + slice, train.size())))
        .flatMap(part -> read(run, seed, schedule, part).stream());
  }

  private static List<ValuedTree> read(
      Labelled run, long seed, Schedule schedule, List<Problem> problems) {
    Benchmark whole = run.benchmark();
    Benchmark part = new Benchmark(whole.name(), problems, List.of(), List.of(), whole.grader());
    Labelled slice = new Labelled(run.config(), run.run(), part);
    List<ValuedTree> trees = new ArrayList<>();
    try (SeedRun seedRun = open(slice, seed, Stages.silent())) {
      seedRun.eachTrainingTree(schedule, "read", trees::add);
    }
    return trees;
  }

  /**
   * Starts a run with another rule of credit or another grader from the base's trees of an earlier
   * one, without sampling: its labels, values and training sets. Trees that a trained generator
   * sampled are left out, since the generator would have been trained on other labels.
   *
   * @param before the earlier run
   * @param after the run to start
   * @return what has changed
   */
  public static Relabelling relabel(Labelled before, Labelled after, Stages stages) {
    Relabelling changes = Relabelling.none();
    for (long seed : after.config().seeds()) {
      try (SeedRun old = open(before, seed, Stages.silent());
          SeedRun fresh = open(after, seed, stages)) {
        fresh.copyTraining(old, Schedule.JOINT);
        if (!fresh.collected(Schedule.JOINT)) {
          fresh.collect(Schedule.JOINT);
        }
        List<AgentRole> roles = after.config().roles();
        changes = changes.plus(Relabelling.ofNodes(seed, roles, values(old), values(fresh)));
        for (AgentRole role : roles) {
          changes =
              changes.plus(
                  Relabelling.ofSets(
                      seed,
                      role,
                      old.sets(Schedule.JOINT, role),
                      fresh.sets(Schedule.JOINT, role)));
        }
      }
    }
    return changes;
  }

  private static SeedRun open(Labelled run, long seed, Stages stages) {
    return new SeedRun(
        run.config(), run.run(), seed, Samplers.of(NO_MODEL), run.benchmark(), stages);
  }

  private static List<NodeValue> values(SeedRun run) {
    List<NodeValue> values = new ArrayList<>();
    run.eachTrainingTree(Schedule.JOINT, "compare", tree -> values.addAll(tree.values()));
    return values;
  }
}
