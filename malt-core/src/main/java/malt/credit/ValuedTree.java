package malt.credit;

import java.util.ArrayList;
import java.util.List;
import malt.problem.Problem;
import malt.tree.NodeValue;

/**
 * A search tree with a value at every node.
 *
 * @param rule by which the values and labels were made
 */
public record ValuedTree(Problem problem, ValueIteration rule, List<ValuedNode> roots) {
  public ValuedTree {
    roots = List.copyOf(roots);
  }

  /** Every node, parents before children, siblings in order. */
  public List<ValuedNode> nodes() {
    List<ValuedNode> found = new ArrayList<>();
    roots.forEach(root -> root.collect(found));
    return found;
  }

  /** The nodes of one turn, in path order. */
  public List<ValuedNode> nodes(int turn) {
    return nodes().stream().filter(valued -> valued.node().turn() == turn).toList();
  }

  /** Every node's value as the journal keeps it. */
  public List<NodeValue> values() {
    return nodes().stream()
        .map(
            valued ->
                new NodeValue(
                    problem.id(),
                    valued.node().path(),
                    valued.value(),
                    valued.label(),
                    valued.grading()))
        .toList();
  }
}
