package malt.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.ModelException;
import malt.agent.ToyTeam;
import malt.model.LanguageModel;
import malt.model.Remark;
import malt.model.ScriptedModel;
import malt.problem.Problem;
import malt.problem.ToyBenchmark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RefusedCallTest {
  private static final Branching BRANCHING = new Branching(List.of(2, 3, 2));

  @TempDir Path folder;
  private final List<ExpansionProgress> progress = new ArrayList<>();

  private TreeJournal journal(String name) {
    return TreeJournal.open(folder.resolve(name + ".db"));
  }

  private TreeExpander expander(TreeJournal journal, LanguageModel model, int chunkSize) {
    return new TreeExpander(journal, model, "train/joint", 7, chunkSize, progress::add);
  }

  private static ScriptedModel telling() {
    return new ScriptedModel((prompt, seed) -> "says " + Long.toHexString(seed));
  }

  /** Answers call by call: the number of the call says whether it is refused as a whole. */
  private static LanguageModel refusing(ScriptedModel model, int refusedCall) {
    int[] call = {0};
    return requests -> {
      if (call[0]++ == refusedCall) {
        throw ModelException.refused("the server said no");
      }
      return model.sample(requests);
    };
  }

  @Test
  void a_call_that_is_refused_as_a_whole_stops_where_none_like_it_was_answered() {
    List<Problem> problems = ToyBenchmark.problems(4); // two chunks of three turns
    for (int refused = 0; refused < 3; refused++) {
      LanguageModel model = refusing(telling(), refused);
      try (TreeJournal journal = journal("refused-" + refused)) {
        assertThatThrownBy(
                () -> expander(journal, model, 2).expand(ToyTeam.of(), problems, BRANCHING))
            .isInstanceOf(ModelException.class)
            .hasMessage("the server said no");
        assertThat(JournalInspection.counts(folder.resolve("refused-" + refused + ".db")))
            .hasSize(refused);
        assertThat(expander(journal, telling(), 2).expand(ToyTeam.of(), problems, BRANCHING))
            .flatExtracting(SearchTree::nodes)
            .noneMatch(TreeNode::failed);
      }
    }
  }

  @Test
  void a_call_that_is_refused_as_a_whole_is_its_own_fault_where_others_were_answered() {
    List<Problem> problems = ToyBenchmark.problems(4);
    for (int refused = 3; refused < 6; refused++) {
      int turn = refused - 3;
      LanguageModel model = refusing(telling(), refused);
      try (TreeJournal journal = journal("refused-" + refused)) {
        List<SearchTree> trees =
            expander(journal, model, 2).expand(ToyTeam.of(), problems, BRANCHING);
        assertThat(trees.subList(0, 2))
            .flatExtracting(SearchTree::nodes)
            .noneMatch(TreeNode::failed);
        assertThat(trees.subList(2, 4))
            .flatExtracting(tree -> tree.nodes(turn))
            .isNotEmpty()
            .allMatch(TreeNode::failed)
            .extracting(node -> node.completion().remarks())
            .containsOnly(Set.of(Remark.REFUSED));
      }
    }
  }

  @Test
  void progress_tells_what_was_remarked_of_the_nodes_just_sampled() {
    ScriptedModel model = telling();
    LanguageModel odd =
        requests ->
            model.sample(requests).stream()
                .map(all -> all.stream().map(one -> one.remarked(Remark.EMPTY)).toList())
                .toList();
    List<SearchTree> sampled;
    try (TreeJournal journal = journal("a")) {
      List<Problem> problems = ToyBenchmark.problems(2);
      sampled = expander(journal, odd, 2).expand(ToyTeam.of(), problems, BRANCHING);
      assertThat(progress).allMatch(step -> step.remarks().equals(Set.of(Remark.EMPTY)));
      progress.clear();
      assertThat(expander(journal, telling(), 2).expand(ToyTeam.of(), problems, BRANCHING))
          .isEqualTo(sampled);
      assertThat(progress).allMatch(step -> step.remarks().isEmpty());
      assertThat(journal.remarks().get("train/joint").get("verifier"))
          .containsExactly(Map.entry(Remark.EMPTY, 12L));
    }
  }
}
