package malt.credit;

import java.util.List;
import malt.problem.Grading;
import malt.problem.Rational;
import malt.tree.TreeNode;
import org.jspecify.annotations.Nullable;

/**
 * A node with its value.
 *
 * @param exact V(node) in [0, 1]; null where no leaf below could be graded
 * @param label correct iff V is above the threshold; null where there is no value
 * @param grading how a leaf was graded; null for inner nodes
 */
public record ValuedNode(
    TreeNode node,
    @Nullable Rational exact,
    @Nullable Boolean label,
    @Nullable Grading grading,
    List<ValuedNode> children) {
  public ValuedNode {
    children = List.copyOf(children);
  }

  /** V(node) as the nearest double; null where no leaf below could be graded. */
  public @Nullable Double value() {
    return exact == null ? null : exact.doubleValue();
  }

  void collect(List<ValuedNode> found) {
    found.add(this);
    children.forEach(child -> child.collect(found));
  }
}
