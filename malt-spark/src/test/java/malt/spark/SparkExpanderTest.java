package malt.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import malt.MaltException;
import malt.ModelException;
import malt.agent.ToyTeam;
import malt.model.ModelSource;
import malt.model.Remark;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;
import malt.spark.SeededModel.Trouble;
import malt.tree.AdaptiveGrowth;
import malt.tree.Branching;
import malt.tree.ChunkExpander;
import malt.tree.ExpansionProgress;
import malt.tree.SearchTree;
import malt.tree.Substitution;
import malt.tree.TreeExpander;
import malt.tree.TreeJournal;
import malt.tree.TreeNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two executors, each a process, against this process alone. */
@Timeout(value = 15, unit = TimeUnit.MINUTES) // where something hangs
final class SparkExpanderTest {
  private static final Branching BRANCHING = new Branching(List.of(2, 3, 2));
  private static final List<Problem> PROBLEMS = ToyBenchmark.problems(24);
  private static final int CHUNK = 2;

  private static LocalCluster spark;

  @TempDir private Path folder;
  private final List<ExpansionProgress> progress = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    spark = LocalCluster.of(2);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void forget() {
    spark.warnings().clear(); // another test's
  }

  private List<SearchTree> expand(
      String journal,
      ChunkExpander expander,
      @Nullable AdaptiveGrowth growth,
      @Nullable Substitution substitution) {
    List<SearchTree> trees = new ArrayList<>();
    try (TreeJournal open = TreeJournal.open(folder.resolve(journal + ".db"))) {
      new TreeExpander(open, expander, "train/joint", 7, CHUNK, progress::add)
          .expand(ToyTeam.of(), PROBLEMS, BRANCHING, growth, substitution, trees::add);
    }
    return trees;
  }

  private List<SearchTree> here(String journal) {
    return expand(journal, ChunkExpander.by(SeededModel.WELL.open()), null, null);
  }

  private List<SearchTree> there(String journal, ModelSource model) {
    return expand(journal, spark.cluster().expander(model), null, null);
  }

  private SeededModel once(Trouble trouble, String where) {
    return new SeededModel(trouble, where, folder.resolve("once").toString());
  }

  @Test
  void the_trees_are_node_for_node_those_of_one_process() {
    List<SearchTree> here = here("here");
    List<ExpansionProgress> counted = List.copyOf(progress);
    progress.clear();
    List<SearchTree> there = there("there", SeededModel.WELL);
    assertThat(there).hasSize(24).isEqualTo(here);
    assertThat(here("there")).as("read back by one process").isEqualTo(here);
    assertThat(progress.subList(0, counted.size()))
        .as("each call is told of once")
        .extracting(ExpansionProgress::sampled)
        .containsExactlyInAnyOrderElementsOf(
            counted.stream().map(ExpansionProgress::sampled).toList());
    assertThat(progress.get(counted.size() - 1).done()).isEqualTo(24L * (2 + 6 + 12));
  }

  @Test
  void so_are_trees_that_grow_and_those_with_others_words_shown() {
    AdaptiveGrowth growth = new AdaptiveGrowth(List.of(1, 1, 1), 2, 0.5, ToyBenchmark.GRADER);
    assertThat(expand("grown", spark.cluster().expander(SeededModel.WELL), growth, null))
        .isEqualTo(expand("here", ChunkExpander.by(SeededModel.WELL.open()), growth, null));
    Substitution shuffled = Substitution.shuffled(1);
    assertThat(expand("shuffled", spark.cluster().expander(SeededModel.WELL), null, shuffled))
        .isEqualTo(expand("here too", ChunkExpander.by(SeededModel.WELL.open()), null, shuffled));
  }

  @Test
  void what_the_journal_holds_is_not_sampled_again_and_one_that_holds_all_needs_no_cluster() {
    String middle = PROBLEMS.get(10).question();
    assertThatThrownBy(() -> there("a", new SeededModel(Trouble.FAILURE, middle, null)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the server is gone (on the executor at ");
    progress.clear();
    assertThat(there("a", SeededModel.WELL)).isEqualTo(here("here"));
    ChunkExpander nobody = spark.cluster().expander(new SeededModel(Trouble.FAILURE, "", null));
    assertThat(expand("a", nobody, null, null)).isEqualTo(here("here"));
  }

  @Test
  void an_executor_that_dies_loses_no_tree_and_changes_no_node() {
    SeededModel model = once(Trouble.DEATH, PROBLEMS.get(14).question());
    assertThat(there("there", model)).isEqualTo(here("here"));
    assertThat(folder.resolve("once")).exists();
    assertThat(spark.warnings()).anyMatch(told -> told.matches("executor \\d+ was lost .*"));
  }

  @Test
  void nor_does_one_that_is_killed_from_outside() throws Exception {
    Path begun = folder.resolve("once");
    SeededModel model = once(Trouble.DELAY, PROBLEMS.get(6).question());
    CompletableFuture<List<SearchTree>> trees =
        CompletableFuture.supplyAsync(() -> there("there", model));
    while (!Files.exists(begun)) {
      assertThat(trees).isNotDone();
      Thread.sleep(20);
    }
    List<ProcessHandle> executors = spark.executors();
    assertThat(executors).isNotEmpty();
    executors.forEach(ProcessHandle::destroyForcibly);
    assertThat(trees.get()).isEqualTo(here("here"));
  }

  @Test
  void a_straggler_is_told_of() throws Exception {
    SeededModel model = once(Trouble.DELAY, PROBLEMS.get(22).question());
    CompletableFuture<List<SearchTree>> trees =
        CompletableFuture.supplyAsync(() -> there("there", model));
    while (spark.warnings().stream().noneMatch(told -> told.contains("takes far longer"))) {
      assertThat(trees).isNotDone();
      Thread.sleep(20);
    }
    Files.createFile(folder.resolve("once" + SeededModel.OVER));
    assertThat(trees.get()).isEqualTo(here("here"));
  }

  @Test
  void a_call_that_is_refused_as_a_whole_is_its_own_fault_where_others_were_answered() {
    String refused = PROBLEMS.get(0).question(); // of the first chunk, so that no order helps
    List<SearchTree> trees = there("there", new SeededModel(Trouble.REFUSAL, refused, null));
    assertThat(trees.get(0).nodes())
        .allMatch(TreeNode::failed)
        .extracting(node -> node.completion().remarks())
        .allMatch(remarks -> remarks.contains(Remark.REFUSED));
    assertThat(trees.subList(CHUNK, trees.size())).isEqualTo(here("here").subList(CHUNK, 24));
  }

  @Test
  void calls_that_are_all_refused_stop_the_expansion() {
    assertThatThrownBy(() -> there("there", new SeededModel(Trouble.REFUSAL, "", null)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the server said no");
  }

  @Test
  void a_chunk_that_no_executor_survives_is_an_error_and_the_others_are_kept() {
    SeededModel model = new SeededModel(Trouble.DEATH, PROBLEMS.get(22).question(), null);
    assertThatThrownBy(() -> there("there", model))
        .isInstanceOf(MaltException.class)
        .hasMessageStartingWith("Spark gave up: ");
    assertThat(there("there", SeededModel.WELL)).isEqualTo(here("here"));
  }
}
