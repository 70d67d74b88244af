package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import malt.ModelException;
import malt.credit.Pooling;
import malt.credit.ValuedTree;
import malt.model.LanguageModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTreesTest {
  private static final LanguageModel MUTE =
      requests -> {
        throw new AssertionError("the model was called");
      };

  @TempDir private Path folder;

  private void collect(Path root, ExperimentConfig config) {
    new ToyExperiment(root, config)
        .use(ToyExperiment.model(), new RecordingTrainer(), MaltExperiment::collect);
  }

  private static void relabel(Path from, Path to, ExperimentConfig config) {
    try (RunDirectory source = RunDirectory.open(from);
        RunDirectory target = RunDirectory.open(to, config)) {
      target.begin(TinyConfig.manifest("base"));
      StoredTrees.relabel(config, source, target, ToyExperiment.BENCHMARK, Stages.silent());
    }
  }

  @Test
  void relabellingGivesTheRunThatTheOtherRuleWouldHaveGiven() throws Exception {
    ExperimentConfig old = TinyConfig.with("schedules=[joint]");
    ExperimentConfig other = old.withCredit("other", 0.2, Pooling.LOCAL);
    collect(folder.resolve("old"), old);
    Map<String, String> before = RunContents.of(folder.resolve("old"));
    collect(folder.resolve("sampled"), other);

    relabel(folder.resolve("old"), folder.resolve("relabelled"), other);

    assertThat(RunContents.of(folder.resolve("relabelled")))
        .isEqualTo(RunContents.of(folder.resolve("sampled")));
    assertThat(RunContents.of(folder.resolve("old"))).isEqualTo(before);
    assertThat(RunContents.of(folder.resolve("relabelled")).get("seed-1/joint/refiner/sft.jsonl"))
        .isEqualTo(before.get("seed-1/joint/refiner/sft.jsonl"));
    assertThat(RunContents.of(folder.resolve("relabelled")).get("seed-1/joint/verifier/sft.jsonl"))
        .isNotEqualTo(before.get("seed-1/joint/verifier/sft.jsonl"));
  }

  @Test
  void relabellingTwiceChangesNothing() throws Exception {
    ExperimentConfig old = TinyConfig.with("schedules=[joint]");
    ExperimentConfig other = old.withCredit("other", 0.2, Pooling.GLOBAL);
    collect(folder.resolve("old"), old);
    relabel(folder.resolve("old"), folder.resolve("new"), other);
    Map<String, String> once = RunContents.of(folder.resolve("new"));
    relabel(folder.resolve("old"), folder.resolve("new"), other);
    assertThat(RunContents.of(folder.resolve("new"))).isEqualTo(once);
    new ToyExperiment(folder.resolve("new"), other)
        .use(MUTE, new RecordingTrainer(), MaltExperiment::collect);
  }

  @Test
  void treesAreReadWithoutAModelAndValuedByTheRule() {
    ExperimentConfig config = TinyConfig.with();
    collect(folder.resolve("run"), config);
    try (RunDirectory run = RunDirectory.open(folder.resolve("run"))) {
      for (Schedule schedule : config.schedules()) {
        List<ValuedTree> trees =
            StoredTrees.read(config, run, ToyExperiment.BENCHMARK, 1, schedule, 3);
        assertThat(trees)
            .extracting(tree -> tree.problem().id())
            .containsExactly("toy-0", "toy-1", "toy-2");
        assertThat(trees).allSatisfy(tree -> assertThat(tree.nodes()).hasSize(3 + 6 + 12));
      }
    }
  }

  @Test
  void treesThatAreNotCompleteAreAnErrorThatSaysWhatToDo() {
    ExperimentConfig config = TinyConfig.with();
    try (RunDirectory run = RunDirectory.open(folder.resolve("run"), config)) {
      assertThatThrownBy(
              () -> StoredTrees.read(config, run, ToyExperiment.BENCHMARK, 1, Schedule.JOINT, 3))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("malt collect");
    }
  }
}
