package malt.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import malt.ConfigException;
import org.junit.jupiter.api.Test;

final class SearchTreeTest {
  private final SearchTree tree = RandomTrees.of(2, 1, 2).trees(1, 1).get(0);

  @Test
  void nodes_are_walked_depth_first() {
    assertThat(tree.nodes())
        .extracting(TreeNode::path)
        .containsExactly(
            List.of(0),
            List.of(0, 0),
            List.of(0, 0, 0),
            List.of(0, 0, 1),
            List.of(1),
            List.of(1, 0),
            List.of(1, 0, 0),
            List.of(1, 0, 1));
  }

  @Test
  void a_turn_has_its_own_nodes() {
    assertThat(tree.nodes(1))
        .extracting(TreeNode::path)
        .containsExactly(List.of(0, 0), List.of(1, 0));
    assertThat(tree.leaves()).isEqualTo(tree.nodes(2));
  }

  @Test
  void a_node_is_found_by_its_path() {
    TreeNode last = tree.roots().get(1).children().get(0).children().get(1);
    assertThat(tree.node(List.of(1, 0, 1))).contains(last);
    assertThat(tree.node(List.of(1, 1))).isEmpty();
    assertThat(tree.node(List.of(2))).isEmpty();
    assertThat(tree.node(List.of())).isEmpty();
    assertThat(tree.completions(List.of(1, 0)))
        .containsExactly(
            tree.roots().get(1).completion(), tree.roots().get(1).children().get(0).completion());
  }

  @Test
  void branching_counts_what_grows_below_a_node() {
    Branching paper = new Branching(List.of(3, 3, 3));
    assertThat(paper.descendants(-1)).isEqualTo(39);
    assertThat(paper.descendants(0)).isEqualTo(12);
    assertThat(paper.descendants(1)).isEqualTo(3);
    assertThat(paper.descendants(2)).isZero();
    assertThat(Branching.passes(3, 3)).isEqualTo(new Branching(List.of(3, 1, 1)));
  }

  @Test
  void branching_without_children_is_refused() {
    for (List<Integer> wrong : List.of(List.<Integer>of(), List.of(3, 0), List.of(-1))) {
      assertThatThrownBy(() -> new Branching(wrong))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(wrong.toString());
    }
  }
}
