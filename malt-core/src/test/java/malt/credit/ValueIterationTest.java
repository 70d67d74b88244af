package malt.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import malt.ConfigException;
import malt.agent.ToyTeam;
import malt.model.AdapterRef;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Grade;
import malt.problem.Problem;
import malt.problem.Rational;
import malt.problem.ToyBenchmark;
import malt.tree.RandomTrees;
import malt.tree.SearchTree;
import malt.tree.TreeNode;
import org.junit.jupiter.api.Test;

final class ValueIterationTest {
  private static final ValueIteration PAPER = new ValueIteration(0.5, Pooling.GLOBAL);
  private static final ValueIteration LOCAL = new ValueIteration(0.5, Pooling.LOCAL);

  /** Leaves of a tree drawn as text: 1 right, 0 wrong, ? ungradable, F failed, n no answer. */
  private static TreeNode node(int index, Object shape) {
    return node(List.of(), index, shape);
  }

  private static TreeNode node(List<Integer> parent, int index, Object shape) {
    List<Integer> path = new ArrayList<>(parent);
    path.add(index);
    if (shape instanceof String leaf) {
      String text =
          switch (leaf) {
            case "1" -> "#### 3";
            case "0" -> "#### 4";
            case "?" -> "#### ?";
            default -> "";
          };
      boolean failed = leaf.equals("F");
      return new TreeNode(
          path, completion(text, failed ? FinishReason.FAILED : FinishReason.STOP), List.of());
    }
    List<TreeNode> children = new ArrayList<>();
    for (Object child : (List<?>) shape) {
      children.add(node(path, children.size(), child));
    }
    return new TreeNode(path, completion("inner", FinishReason.STOP), children);
  }

  private static Completion completion(String text, FinishReason finish) {
    return new Completion(text, new int[0], new int[0], new float[0], finish, AdapterRef.BASE, 0);
  }

  private static ValuedNode value(ValueIteration rule, Object shape) {
    SearchTree tree =
        new SearchTree(new Problem("toy-0", "What is 1 + 2 ?", "3"), List.of(node(0, shape)));
    return rule.value(tree, ToyTeam.chain(4), ToyBenchmark.GRADER).roots().get(0);
  }

  @Test
  void a_leaf_is_worth_its_reward() {
    assertThat(value(PAPER, "1").value()).isEqualTo(1.0);
    assertThat(value(PAPER, "1").label()).isTrue();
    assertThat(value(PAPER, "0").value()).isEqualTo(0.0);
    assertThat(value(PAPER, "0").label()).isFalse();
  }

  @Test
  void an_inner_node_is_worth_the_mean_of_its_children() {
    // critiques worth 2/3, 0 and 1/3: their answer is worth (2/3 + 0 + 1/3) / 3 = 1/3
    ValuedNode answer =
        value(
            PAPER, List.of(List.of("1", "1", "0"), List.of("0", "0", "0"), List.of("0", "1", "0")));
    assertThat(answer.children())
        .extracting(ValuedNode::exact)
        .containsExactly(Rational.of(2, 3), Rational.ZERO, Rational.of(1, 3));
    assertThat(answer.exact()).isEqualTo(Rational.of(1, 3));
    assertThat(answer.label()).isFalse();
    assertThat(answer.children().get(0).label()).isTrue();
  }

  @Test
  void a_value_of_one_half_is_incorrect() {
    assertThat(value(PAPER, List.of("1", "0")).value()).isEqualTo(0.5);
    assertThat(value(PAPER, List.of("1", "0")).label()).isFalse();
    // (2/3 + 1/3) / 2, where thirds have no exact double
    assertThat(value(PAPER, List.of(List.of("1", "1", "0"), List.of("0", "1", "0"))).label())
        .isFalse();
  }

  @Test
  void a_threshold_is_strict_at_its_own_value() {
    Object threeOfFive = List.of("1", "1", "1", "0", "0");
    assertThat(value(new ValueIteration(0.6, Pooling.GLOBAL), threeOfFive).label()).isFalse();
    assertThat(value(new ValueIteration(0.59, Pooling.GLOBAL), threeOfFive).label()).isTrue();
  }

  @Test
  void local_pooling_is_the_majority_of_labels_level_by_level() {
    // leaves 1 1 0 | 1 1 0 | 0 0 0: mean 4/9 is incorrect, two of three critiques are correct
    Object shape = List.of(List.of("1", "1", "0"), List.of("1", "1", "0"), List.of("0", "0", "0"));
    assertThat(value(PAPER, shape).exact()).isEqualTo(Rational.of(4, 9));
    assertThat(value(PAPER, shape).label()).isFalse();
    assertThat(value(LOCAL, shape).exact()).isEqualTo(Rational.of(2, 3));
    assertThat(value(LOCAL, shape).label()).isTrue();
    // a tie of labels is no majority
    assertThat(value(LOCAL, List.of(List.of("1"), List.of("0"))).label()).isFalse();
  }

  private static final ValueIteration OWN = new ValueIteration(0.5, Pooling.OWN);

  private static TreeNode said(List<Integer> path, String text, TreeNode... children) {
    return new TreeNode(path, completion(text, FinishReason.STOP), List.of(children));
  }

  /** A right answer with an approval and an objection, and a wrong one with an objection. */
  private static List<ValuedNode> judged(String flag) {
    List<TreeNode> roots =
        List.of(
            said(
                List.of(0),
                "#### 3",
                said(List.of(0, 0), "fine", said(List.of(0, 0, 0), "#### 4")),
                said(
                    List.of(0, 1),
                    "wrong",
                    said(List.of(0, 1, 0), "#### 3"),
                    said(List.of(0, 1, 1), "#### 4"))),
            said(
                List.of(1),
                "#### 4",
                said(List.of(1, 0), "wrong", said(List.of(1, 0, 0), "#### 4"))));
    SearchTree tree = new SearchTree(new Problem("toy-0", "What is 1 + 2 ?", "3"), roots);
    return OWN.value(tree, ToyTeam.judged(flag, false), ToyBenchmark.GRADER).nodes();
  }

  @Test
  void by_its_own_standard_an_answer_counts_by_its_grade_and_a_verdict_by_its_truth() {
    assertThat(judged("wrong"))
        .extracting(node -> node.node().path() + " " + node.value())
        .containsExactly(
            "[0] 1.0",
            "[0, 0] 1.0",
            "[0, 0, 0] 0.0",
            "[0, 1] 0.0",
            "[0, 1, 0] 1.0",
            "[0, 1, 1] 0.0",
            "[1] 0.0",
            "[1, 0] 1.0",
            "[1, 0, 0] 0.0");
  }

  @Test
  void a_critique_that_nothing_can_be_read_from_counts_by_what_came_of_it() {
    assertThat(judged(""))
        .filteredOn(node -> node.node().turn() == 1)
        .extracting(ValuedNode::exact)
        .containsExactly(Rational.ZERO, Rational.of(1, 2), Rational.ZERO);
  }

  @Test
  void a_verdict_on_an_answer_that_cannot_be_graded_has_no_standard() {
    TreeNode root =
        said(List.of(0), "#### ?", said(List.of(0, 0), "wrong", said(List.of(0, 0, 0), "#### 3")));
    SearchTree tree = new SearchTree(new Problem("toy-0", "What is 1 + 2 ?", "3"), List.of(root));
    List<ValuedNode> nodes =
        OWN.value(tree, ToyTeam.judged("wrong", false), ToyBenchmark.GRADER).nodes();
    assertThat(nodes).extracting(ValuedNode::value).containsExactly(null, null, 1.0);
  }

  @Test
  void leaves_that_cannot_be_graded_leave_the_mean() {
    assertThat(value(PAPER, List.of("1", "?", "F")).exact()).isEqualTo(Rational.ONE);
    assertThat(value(PAPER, List.of("1", "0", "F")).exact()).isEqualTo(Rational.of(1, 2));
    assertThat(value(LOCAL, List.of("1", "0", "1", "?")).exact()).isEqualTo(Rational.of(2, 3));
  }

  @Test
  void a_node_without_a_gradable_leaf_has_no_value_and_leaves_the_mean_too() {
    ValuedNode answer = value(PAPER, List.of(List.of("?", "F"), List.of("1", "0", "1")));
    assertThat(answer.children().get(0).value()).isNull();
    assertThat(answer.children().get(0).label()).isNull();
    assertThat(answer.exact()).isEqualTo(Rational.of(2, 3));
    assertThat(value(PAPER, List.of("?", "F")).value()).isNull();
  }

  @Test
  void a_critique_that_failed_is_an_ungradable_leaf() {
    ValuedNode answer = value(PAPER, List.of("F", List.of("1")));
    assertThat(answer.exact()).isEqualTo(Rational.ONE);
    assertThat(Objects.requireNonNull(answer.children().get(0).grading()).grade())
        .isEqualTo(Grade.UNGRADABLE);
  }

  @Test
  void a_text_without_an_answer_is_wrong_and_not_ungradable() {
    assertThat(value(PAPER, List.of("n", "1")).exact()).isEqualTo(Rational.of(1, 2));
  }

  @Test
  void with_full_branching_a_global_value_is_the_mean_over_all_leaves() {
    for (ValuedTree tree : RandomTrees.of(2, 3, 4, 2).valued(11, 40, PAPER)) {
      for (ValuedNode node : tree.nodes()) {
        double[] rewards = leaves(node).stream().mapToDouble(ValuedNode::value).toArray();
        double mean = DoubleStream.of(rewards).sum() / rewards.length;
        assertThat(node.value()).isEqualTo(mean);
      }
    }
  }

  @Test
  void every_pooled_value_lies_between_its_childrens_and_every_label_follows_its_value() {
    for (Pooling pooling : List.of(Pooling.GLOBAL, Pooling.LOCAL)) {
      for (double threshold : new double[] {0, 0.5, 0.9}) {
        ValueIteration rule = new ValueIteration(threshold, pooling);
        for (ValuedTree tree : RandomTrees.of(3, 3, 3).withTrouble().valued(5, 40, rule)) {
          tree.nodes().forEach(node -> requireConsistent(node, rule));
        }
      }
    }
  }

  private static void requireConsistent(ValuedNode node, ValueIteration rule) {
    if (node.value() == null) {
      assertThat(node.label()).isNull();
      assertThat(leaves(node)).allMatch(leaf -> leaf.value() == null);
      return;
    }
    assertThat(node.label()).isEqualTo(node.value() > rule.threshold());
    assertThat(node.value()).isBetween(0.0, 1.0);
    double[] children =
        node.children().stream()
            .filter(child -> child.value() != null)
            .mapToDouble(child -> rule.pooling() == Pooling.LOCAL ? label(child) : child.value())
            .toArray();
    if (children.length > 0) {
      assertThat(node.value())
          .isBetween(
              DoubleStream.of(children).min().orElseThrow(),
              DoubleStream.of(children).max().orElseThrow());
    }
  }

  private static double label(ValuedNode node) {
    return node.label() ? 1 : 0;
  }

  private static List<ValuedNode> leaves(ValuedNode node) {
    if (node.children().isEmpty()) {
      return List.of(node);
    }
    return node.children().stream().flatMap(child -> leaves(child).stream()).toList();
  }

  @Test
  void another_threshold_changes_global_labels_and_no_global_value() {
    List<ValuedTree> half = RandomTrees.of(3, 3, 3).withTrouble().valued(9, 30, PAPER);
    ValueIteration strict = new ValueIteration(0.7, Pooling.GLOBAL);
    List<ValuedTree> again = RandomTrees.of(3, 3, 3).withTrouble().valued(9, 30, strict);
    int changed = 0;
    for (int i = 0; i < half.size(); i++) {
      List<ValuedNode> before = half.get(i).nodes();
      List<ValuedNode> after = again.get(i).nodes();
      for (int j = 0; j < before.size(); j++) {
        Double value = before.get(j).value();
        assertThat(after.get(j).value()).isEqualTo(value);
        assertThat(after.get(j).label()).isEqualTo(value == null ? null : value > 0.7);
        changed += Objects.equals(before.get(j).label(), after.get(j).label()) ? 0 : 1;
      }
    }
    assertThat(changed).isPositive();
  }

  @Test
  void a_single_agent_is_a_tree_of_leaves() {
    ValuedTree tree = RandomTrees.of(4).valued(1, 1, PAPER).get(0);
    assertThat(tree.nodes()).hasSize(4).allMatch(node -> node.grading() != null);
  }

  @Test
  void a_threshold_outside_zero_to_one_is_refused() {
    for (double wrong : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> new ValueIteration(wrong, Pooling.GLOBAL))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(String.valueOf(wrong));
    }
  }
}
