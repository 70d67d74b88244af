package malt.experiment;

import java.util.ArrayList;
import java.util.List;
import malt.ModelException;
import malt.credit.ValuedTree;
import malt.model.Completion;
import malt.model.LanguageModel;
import malt.model.SamplingRequest;
import malt.problem.Benchmark;
import malt.tree.SearchTree;

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
  public static List<ValuedTree> read(
      ExperimentConfig config,
      RunDirectory run,
      Benchmark benchmark,
      long seed,
      Schedule schedule,
      int count) {
    Benchmark part =
        new Benchmark(
            benchmark.name(),
            benchmark.train().subList(0, Math.min(count, benchmark.train().size())),
            List.of(),
            List.of(),
            benchmark.grader());
    try (SeedRun seedRun =
        new SeedRun(config, run, seed, Samplers.of(NO_MODEL), part, Stages.silent())) {
      return valued(config, seedRun, schedule, benchmark);
    }
  }

  /**
   * Starts a run with another rule of credit from the base's trees of an earlier one, without
   * sampling: its labels, values and training sets. Trees that a trained generator sampled are left
   * out, since the generator would have been trained on other labels.
   */
  public static void relabel(
      ExperimentConfig config,
      RunDirectory from,
      RunDirectory to,
      Benchmark benchmark,
      Stages stages) {
    for (long seed : config.seeds()) {
      try (SeedRun old =
              new SeedRun(config, from, seed, Samplers.of(NO_MODEL), benchmark, Stages.silent());
          SeedRun fresh = new SeedRun(config, to, seed, Samplers.of(NO_MODEL), benchmark, stages)) {
        if (!fresh.collected(Schedule.JOINT)) {
          fresh.copyTraining(old, Schedule.JOINT);
          fresh.keep(Schedule.JOINT, valued(config, fresh, Schedule.JOINT, benchmark));
        }
      }
    }
  }

  private static List<ValuedTree> valued(
      ExperimentConfig config, SeedRun run, Schedule schedule, Benchmark benchmark) {
    List<ValuedTree> valued = new ArrayList<>();
    for (SearchTree tree : run.expandTraining(schedule)) {
      valued.add(config.credit().value(tree, benchmark.grader()));
    }
    return valued;
  }
}
