package malt.credit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import malt.model.FinishReason;
import malt.problem.Rational;
import malt.tree.RandomTrees;
import malt.tree.SearchTree;
import malt.tree.TreeNode;
import org.junit.jupiter.api.Test;

final class RoleStatisticsTest {
  private static final ValueIteration PAPER = new ValueIteration(0.5, Pooling.GLOBAL);

  @Test
  void counts_add_up_over_random_trees() {
    List<ValuedTree> trees = RandomTrees.of(3, 3, 3).withTrouble().valued(3, 50, PAPER);
    List<RoleStatistics> statistics =
        IntStream.range(0, 3)
            .mapToObj(
                turn ->
                    trees.stream()
                        .map(tree -> RoleStatistics.of(tree.nodes(turn)))
                        .reduce(RoleStatistics.of(List.of()), RoleStatistics::plus))
            .toList();
    assertThat(statistics.get(0).nodes()).isEqualTo(150);
    statistics.forEach(
        role -> {
          int valued = role.valueHistogram().stream().mapToInt(Integer::intValue).sum();
          int high =
              role.valueHistogram().subList(6, 10).stream().mapToInt(Integer::intValue).sum();
          assertThat(role.valueHistogram()).hasSize(10);
          assertThat(valued + role.ungradable()).isEqualTo(role.nodes());
          assertThat(role.correct()).isBetween(high, valued);
          assertThat(role.truncated()).isPositive();
        });
    assertThat(statistics.get(2).noAnswer()).isPositive();
    assertThat(statistics.get(1).noAnswer()).isZero();
    long cut =
        trees.stream()
            .flatMap(tree -> tree.nodes(2).stream())
            .filter(node -> node.node().completion().finish() == FinishReason.LENGTH)
            .count();
    assertThat(statistics.get(2).truncated()).isEqualTo((int) cut);
  }

  @Test
  void values_fall_into_their_tenth_and_one_into_the_last() {
    List<ValuedNode> nodes =
        List.of(
            valued(0, 1), valued(1, 3), valued(1, 2), valued(2, 3), valued(3, 10), valued(1, 1));
    assertThat(RoleStatistics.of(nodes).valueHistogram())
        .containsExactly(1, 0, 0, 2, 0, 1, 1, 0, 0, 1);
    assertThat(RoleStatistics.of(nodes).correct()).isEqualTo(2);
  }

  private static ValuedNode valued(long numerator, long denominator) {
    SearchTree tree = RandomTrees.of(1).trees(1, 1).get(0);
    TreeNode node = tree.roots().get(0);
    Rational value = Rational.of(numerator, denominator);
    return new ValuedNode(node, value, PAPER.correct(value), null, List.of());
  }

  @Test
  void no_nodes_have_empty_statistics() {
    assertThat(RoleStatistics.of(List.of()).nodes()).isZero();
  }
}
