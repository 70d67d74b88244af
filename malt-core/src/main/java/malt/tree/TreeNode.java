package malt.tree;

import java.util.List;
import malt.model.Completion;

/**
 * One completion in a search tree.
 *
 * @param path child indices from the root, so [1, 0, 2] is the third refinement of the first
 *     critique of the second answer; its length minus one is the turn
 */
public record TreeNode(List<Integer> path, Completion completion, List<TreeNode> children) {
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
}
