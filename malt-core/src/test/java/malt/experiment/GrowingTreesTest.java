package malt.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import malt.credit.ValuedTree;
import malt.problem.Benchmark;
import malt.problem.Problem;
import malt.tree.TreeJournal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowingTreesTest {
  private static final Benchmark TOY = ToyExperiment.BENCHMARK;
  private static final List<Problem> PROBLEMS = TOY.train();

  @TempDir private Path folder;

  private static GrowingTrees trees(Path run) {
    return new GrowingTrees(RunDirectory.readConfig(run), new RunLayout(run), TOY);
  }

  private static List<GrowingTrees.Grown> read(GrowingTrees trees) {
    Plan.Round round = Plan.of(trees.config()).rounds().get(0);
    return trees.read(1, round, round.trees().get(0), PROBLEMS);
  }

  @Test
  void a_tree_that_grows_has_what_is_there_so_far() {
    Path run = folder.resolve("run");
    ToyRun.go(run, ToyRun.HALF_THE_TREES + 1); // and the answers of the other half
    List<GrowingTrees.Grown> grown = read(trees(run));
    assertThat(grown)
        .extracting(GrowingTrees.Grown::complete)
        .containsExactly(true, true, false, false);
    assertThat(grown.get(0).tree().nodes()).hasSize(3 + 3 * 2 + 3 * 2 * 2);
    assertThat(grown.get(3).tree().nodes()).hasSize(3);
    assertThat(trees(run).added(1, 0).trees()).hasSize(4);
  }

  @Test
  void trees_that_are_whole_are_those_that_the_run_itself_labels() {
    Path run = folder.resolve("run");
    ToyRun.go(run, -1);
    GrowingTrees trees = trees(run);
    Plan.Round round = Plan.of(trees.config()).rounds().get(0);
    List<ValuedTree> own;
    try (RunDirectory directory = RunDirectory.view(run)) {
      own = new StoredTrees(trees.config(), directory, TOY).first(1, round, 4);
    }
    assertThat(read(trees)).extracting(GrowingTrees.Grown::tree).isEqualTo(own);
    assertThat(read(trees)).allMatch(GrowingTrees.Grown::complete);
  }

  @Test
  void what_came_after_a_place_is_told_apart() {
    Path run = folder.resolve("run");
    ToyRun.go(run, ToyRun.HALF_THE_TREES);
    TreeJournal.Added first = trees(run).added(1, 0);
    assertThat(first.trees())
        .extracting(TreeJournal.Added.Place::problemId)
        .containsExactlyInAnyOrder(PROBLEMS.get(0).id(), PROBLEMS.get(1).id());
    ToyRun.go(run, 1);
    TreeJournal.Added more = trees(run).added(1, first.newest());
    assertThat(more.trees())
        .extracting(TreeJournal.Added.Place::problemId)
        .containsExactlyInAnyOrder(PROBLEMS.get(2).id(), PROBLEMS.get(3).id());
    assertThat(trees(run).added(1, more.newest()).trees()).isEmpty();
  }

  @Test
  void looking_changes_no_file() throws IOException {
    Path run = folder.resolve("run");
    ToyRun.go(run, -1);
    Map<String, Long> before = files(run);
    read(trees(run));
    assertThat(files(run)).isEqualTo(before);
  }

  private static Map<String, Long> files(Path run) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(run)) {
      for (Path file : all.toList()) {
        files.put(run.relativize(file).toString(), Files.getLastModifiedTime(file).toMillis());
      }
    }
    return files;
  }

  @Test
  void a_run_that_has_sampled_nothing_has_no_trees() {
    Path run = folder.resolve("run");
    ToyRun.go(run, 0);
    assertThat(read(trees(run))).isEmpty();
  }
}
