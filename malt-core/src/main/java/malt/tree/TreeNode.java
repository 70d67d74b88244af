package malt.tree;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import malt.model.Completion;
import malt.model.FinishReason;

/**
 * One completion in a search tree.
 *
 * @param path child indices from the root, so [1, 0, 2] is the third refinement of the first
 *     critique of the second answer; its length minus one is the turn
 */
public record TreeNode(List<Integer> path, Completion completion, List<TreeNode> children) {
  /** Parents first, then child by child. */
  public static final Comparator<List<Integer>> PATH_ORDER =
      Comparator.comparing(
          path -> path.stream().mapToInt(Integer::intValue).toArray(), Arrays::compare);

  public TreeNode {
    path = List.copyOf(path);
    children = List.copyOf(children);
  }

  public int turn() {
    return path.size() - 1;
  }

  public boolean isLeaf() {
    return children.isEmpty();
  }

  /** Whether the model failed for good here; such a node has no children and no value. */
  public boolean failed() {
    return completion.finish() == FinishReason.FAILED;
  }

  void collect(List<TreeNode> found) {
    found.add(this);
    children.forEach(child -> child.collect(found));
  }
}
