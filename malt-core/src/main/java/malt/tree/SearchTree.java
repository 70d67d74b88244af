package malt.tree;

import java.util.List;
import malt.problem.Problem;

/** A problem expanded by a team: answers, critiques of each, refinements of each of those. */
public record SearchTree(Problem problem, List<TreeNode> roots) {
  public SearchTree {
    roots = List.copyOf(roots);
  }
}
