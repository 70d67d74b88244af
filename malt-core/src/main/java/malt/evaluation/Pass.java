package malt.evaluation;

import java.util.ArrayList;
import java.util.List;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.tree.SearchTree;
import malt.tree.TreeNode;

/**
 * One pass of a team over a question: the completions along one path of its search tree. It is
 * shorter than the team only where its last completion failed, or ended the team's work.
 *
 * @param completions of turns 0 .. size-1
 */
public record Pass(List<Completion> completions) {
  public Pass {
    completions = List.copyOf(completions);
  }

  /** The passes of a tree, in the order of their paths; branching [k, 1, ..., 1] gives k. */
  public static List<Pass> of(SearchTree tree) {
    List<Pass> passes = new ArrayList<>();
    for (TreeNode root : tree.roots()) {
      collect(root, List.of(), passes);
    }
    return passes;
  }

  private static void collect(TreeNode node, List<Completion> before, List<Pass> passes) {
    List<Completion> completions = new ArrayList<>(before);
    completions.add(node.completion());
    if (node.isLeaf()) {
      passes.add(new Pass(completions));
    }
    for (TreeNode child : node.children()) {
      collect(child, completions, passes);
    }
  }

  /** Whether the model failed in one of the turns 0 .. turns-1. */
  public boolean failedWithin(int turns) {
    return completions.stream()
        .limit(turns)
        .anyMatch(completion -> completion.finish() == FinishReason.FAILED);
  }

  /**
   * The answer after the first {@code spoken} turns, or as many as there were, as a ballot that
   * rests on all of them.
   */
  Ballot answer(List<Turn> turns, int spoken) {
    int said = Math.min(spoken, completions.size());
    boolean failed = failedWithin(said);
    int turn = failed ? said - 1 : Turn.answering(turns, said);
    return new Ballot(completions.get(turn), failed);
  }

  /** The answer of turn {@code turn} as a ballot that rests on all the turns before it. */
  Ballot ballot(int turn) {
    return ballot(turn, turn);
  }

  /**
   * The answer of turn {@code turn} as a ballot; it failed if its own turn did, or one of those it
   * rests on.
   *
   * @param restsOn it rests on turns 0 .. restsOn-1
   */
  Ballot ballot(int turn, int restsOn) {
    int last = Math.min(turn, completions.size() - 1);
    Completion completion = completions.get(last);
    return new Ballot(
        completion, failedWithin(restsOn) || completion.finish() == FinishReason.FAILED);
  }
}
