package malt.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import malt.model.Completion;
import malt.problem.Problem;

/** A problem expanded by a team: answers, critiques of each, refinements of each of those. */
public record SearchTree(Problem problem, List<TreeNode> roots) {
  public SearchTree {
    roots = List.copyOf(roots);
  }

  /** Every node, parents before children, siblings in order. */
  public List<TreeNode> nodes() {
    List<TreeNode> found = new ArrayList<>();
    roots.forEach(root -> root.collect(found));
    return found;
  }

  /** The nodes of one turn, in path order. */
  public List<TreeNode> nodes(int turn) {
    return nodes().stream().filter(node -> node.turn() == turn).toList();
  }

  public List<TreeNode> leaves() {
    return nodes().stream().filter(TreeNode::isLeaf).toList();
  }

  public Optional<TreeNode> node(List<Integer> path) {
    List<TreeNode> level = roots;
    TreeNode found = null;
    for (int index : path) {
      if (index < 0 || index >= level.size()) {
        return Optional.empty();
      }
      found = level.get(index);
      level = found.children();
    }
    return Optional.ofNullable(found);
  }

  /** The completions spoken from the root down to {@code path}, that node's own included. */
  public List<Completion> completions(List<Integer> path) {
    List<Completion> spoken = new ArrayList<>();
    for (int turn = 0; turn < path.size(); turn++) {
      spoken.add(node(path.subList(0, turn + 1)).orElseThrow().completion());
    }
    return spoken;
  }
}
