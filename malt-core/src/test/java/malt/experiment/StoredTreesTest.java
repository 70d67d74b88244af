package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.ModelException;
import malt.agent.AgentRole;
import malt.credit.ValuedTree;
import malt.data.DatasetFiles;
import malt.data.RoleDataset;
import malt.model.LanguageModel;
import malt.problem.Benchmark;
import malt.problem.Grader;
import malt.problem.Response;
import malt.problem.ToyBenchmark;
import malt.training.RecordingTrainer;
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

  private static Relabelling relabel(Path from, Path to, ExperimentConfig config) {
    return relabel(from, to, config, ToyExperiment.BENCHMARK.grader());
  }

  private static Relabelling relabel(Path from, Path to, ExperimentConfig config, Grader grader) {
    try (RunDirectory source = RunDirectory.open(from);
        RunDirectory target = RunDirectory.open(to, config)) {
      target.begin(TinyConfig.manifest("base"));
      Benchmark toy = ToyExperiment.BENCHMARK;
      Benchmark regraded = new Benchmark(toy.name(), toy.train(), toy.dev(), toy.test(), grader);
      return new StoredTrees(RunDirectory.readConfig(from), source, toy)
          .relabel(new StoredTrees(config, target, regraded), Stages.silent());
    }
  }

  /**
   * Takes an answer of 1000 or more, which the scripted model gives when it is wrong, for right.
   */
  private static final Grader LARGE =
      new Grader() {
        @Override
        public String name() {
          return "large";
        }

        @Override
        public Optional<String> extract(String question, Response response) {
          return ToyBenchmark.GRADER.extract(question, response);
        }

        @Override
        public boolean equal(String reference, String extracted) {
          return extracted.length() >= 4;
        }
      };

  @Test
  void regrading_turns_labels_round_and_says_which_without_a_model() throws Exception {
    ExperimentConfig old = TinyConfig.with("run=[joint]");
    collect(folder.resolve("old"), old);
    Relabelling changes =
        relabel(
            folder.resolve("old"),
            folder.resolve("new"),
            old.with("name=new", "problems.grader=math"),
            LARGE);

    assertThat(changes.nodes())
        .isEqualTo(
            Map.of(
                AgentRole.GENERATOR, 4 * 3, AgentRole.VERIFIER, 4 * 6, AgentRole.REFINER, 4 * 12));
    List<Relabelling.Change> leaves =
        changes.changes().stream()
            .filter(change -> change.kind() == Relabelling.Kind.NODE)
            .filter(change -> change.role().equals(AgentRole.REFINER))
            .toList();
    assertThat(leaves).as("every leaf is graded the other way").hasSize(4 * 12);
    assertThat(leaves)
        .allSatisfy(
            change -> {
              Relabelling.Label was = (Relabelling.Label) change.before();
              Relabelling.Label is = (Relabelling.Label) change.after();
              assertThat(is.correct()).isEqualTo(!was.correct());
              assertThat(is.extracted()).isEqualTo(was.extracted());
            });
    for (AgentRole role : old.roles()) {
      RoleDataset before = sets(folder.resolve("old"), role);
      RoleDataset after = sets(folder.resolve("new"), role);
      assertThat(count(changes, role, Relabelling.Kind.PAIR))
          .isEqualTo(after.pairs().size() - before.pairs().size());
      assertThat(count(changes, role, Relabelling.Kind.EXAMPLE))
          .isEqualTo(after.examples().size() - before.examples().size());
    }
    assertThat(sets(folder.resolve("new"), AgentRole.REFINER).pairs())
        .isNotEmpty()
        .allSatisfy(pair -> assertThat(pair.chosen().text()).startsWith("#### 100"));
    changes.write(folder.resolve("changes.jsonl"));
    assertThat(Files.readAllLines(folder.resolve("changes.jsonl")))
        .hasSize(changes.changes().size())
        .first()
        .asString()
        .startsWith(
            "{\"kind\":\"NODE\",\"seed\":1,\"role\":\"generator\",\"problem_id\":\"toy-0\"");
  }

  /** Added less removed. */
  private static int count(Relabelling changes, AgentRole role, Relabelling.Kind kind) {
    return changes.changes().stream()
        .filter(change -> change.kind() == kind && change.role().equals(role))
        .mapToInt(change -> change.before() == null ? 1 : -1)
        .sum();
  }

  private static RoleDataset sets(Path run, AgentRole role) {
    Path folder = run.resolve("seed-1/joint").resolve(role.name());
    return new RoleDataset(
        DatasetFiles.readExamples(folder.resolve("sft.jsonl")),
        DatasetFiles.readPairs(folder.resolve("dpo.jsonl")),
        DatasetFiles.readPolicy(folder.resolve("ppo.jsonl")));
  }

  @Test
  void the_same_grader_changes_nothing() {
    ExperimentConfig old = TinyConfig.with("run=[joint]");
    collect(folder.resolve("old"), old);
    Relabelling changes =
        relabel(
            folder.resolve("old"),
            folder.resolve("new"),
            old.with("name=new", "problems.grader=number"));
    assertThat(changes.changes()).isEmpty();
  }

  @Test
  void relabelling_gives_the_run_that_the_other_rule_would_have_given() throws Exception {
    ExperimentConfig old = TinyConfig.with("run=[joint]");
    ExperimentConfig other = old.with("name=other", "credit.threshold=0.2", "credit.pooling=local");
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
  void relabelling_twice_changes_nothing() throws Exception {
    ExperimentConfig old = TinyConfig.with("run=[joint]");
    ExperimentConfig other = old.with("name=other", "credit.threshold=0.2");
    collect(folder.resolve("old"), old);
    relabel(folder.resolve("old"), folder.resolve("new"), other);
    Map<String, String> once = RunContents.of(folder.resolve("new"));
    relabel(folder.resolve("old"), folder.resolve("new"), other);
    assertThat(RunContents.of(folder.resolve("new"))).isEqualTo(once);
    new ToyExperiment(folder.resolve("new"), other)
        .use(MUTE, new RecordingTrainer(), MaltExperiment::collect);
  }

  @Test
  void trees_are_read_without_a_model_and_valued_by_the_rule() {
    ExperimentConfig config = TinyConfig.with();
    collect(folder.resolve("run"), config);
    try (RunDirectory run = RunDirectory.open(folder.resolve("run"))) {
      StoredTrees stored = new StoredTrees(config, run, ToyExperiment.BENCHMARK);
      for (Plan.Round round : Plan.of(config).rounds()) {
        List<ValuedTree> trees = stored.first(1, round, 3);
        assertThat(trees)
            .extracting(tree -> tree.problem().id())
            .containsExactly("toy-0", "toy-1", "toy-2");
        assertThat(trees).allSatisfy(tree -> assertThat(tree.nodes()).hasSize(3 + 6 + 12));
        assertThat(stored.all(1, round))
            .as("all, read in slices of two")
            .hasSize(4)
            .startsWith(trees.toArray(ValuedTree[]::new));
      }
    }
  }

  @Test
  void trees_that_are_not_complete_are_an_error_that_says_what_to_do() {
    ExperimentConfig config = TinyConfig.with();
    try (RunDirectory run = RunDirectory.open(folder.resolve("run"), config)) {
      assertThatThrownBy(
              () ->
                  new StoredTrees(config, run, ToyExperiment.BENCHMARK)
                      .first(1, Plan.of(config).rounds().get(0), 3))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("malt collect");
    }
  }
}
