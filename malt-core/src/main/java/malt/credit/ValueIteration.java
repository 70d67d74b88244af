package malt.credit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import malt.ConfigException;
import malt.agent.AgentTeam;
import malt.agent.Judgement;
import malt.model.Completion;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import malt.problem.Problem;
import malt.problem.Rational;
import malt.tree.SearchTree;
import malt.tree.TreeNode;
import org.jspecify.annotations.Nullable;

/**
 * Credit assignment (paper, section 3.2): a leaf's value is its reward, 1 or 0; an inner node's is
 * pooled from its children; a node is correct iff V is strictly above the threshold. A leaf's
 * reward is the grade of the answer that its team holds when it has spoken.
 *
 * <p>With {@link Pooling#OWN} nothing is carried upwards where a node's own words can be graded.
 *
 * <p>A leaf that failed or cannot be graded has no value and leaves its parent's mean; a parent
 * left without any has none either. A leaf cut at the token limit is graded like any other.
 *
 * @param threshold the paper's theta, in [0, 1); 0.5 there
 */
public record ValueIteration(double threshold, Pooling pooling) {
  public ValueIteration {
    if (!(threshold >= 0 && threshold < 1)) {
      throw new ConfigException("threshold must be in [0, 1), found " + threshold);
    }
  }

  /**
   * The values of a tree's nodes.
   *
   * @param team that grew it; says which words of a path hold the answer
   */
  public ValuedTree value(SearchTree tree, AgentTeam team, Grader grader) {
    Walk walk = new Walk(tree.problem(), team, grader);
    return new ValuedTree(tree.problem(), this, tree.roots().stream().map(walk::value).toList());
  }

  /** Whether a value counts as correct. */
  public boolean correct(Rational value) {
    return value.doubleValue() > threshold;
  }

  /** Goes down a tree and keeps in mind what was said on the way. */
  private final class Walk {
    private final Problem problem;
    private final AgentTeam team;
    private final Grader grader;
    private final List<Completion> path = new ArrayList<>();

    Walk(Problem problem, AgentTeam team, Grader grader) {
      this.problem = problem;
      this.team = team;
      this.grader = grader;
    }

    ValuedNode value(TreeNode node) {
      path.add(node.completion());
      try {
        return node.isLeaf() ? leaf(node) : inner(node);
      } finally {
        path.remove(path.size() - 1);
      }
    }

    private ValuedNode leaf(TreeNode node) {
      Grading grading =
          node.failed()
              ? new Grading(Grade.UNGRADABLE, null, "the model failed")
              : grader.grade(problem, graded(node).response());
      return valued(node, worth(node, reward(grading.grade())), grading, List.of());
    }

    /** The completion whose grade a leaf shows: the answer that is held when it has spoken. */
    private Completion graded(TreeNode leaf) {
      return pooling == Pooling.OWN && judgement(leaf) == null
          ? leaf.completion()
          : team.answer(grader, problem, path);
    }

    private @Nullable Judgement judgement(TreeNode node) {
      return team.agents().get(node.turn()).judges();
    }

    private ValuedNode inner(TreeNode node) {
      List<ValuedNode> children = node.children().stream().map(this::value).toList();
      List<Rational> pooled =
          children.stream()
              .map(ValueIteration.this::contribution)
              .filter(Objects::nonNull)
              .toList();
      Rational mean = pooled.isEmpty() ? null : Rational.mean(pooled);
      return valued(node, worth(node, mean), null, children);
    }

    /**
     * What a node counts for.
     *
     * @param pooled what came of it
     */
    private @Nullable Rational worth(TreeNode node, @Nullable Rational pooled) {
      if (pooling != Pooling.OWN || node.failed()) {
        return pooled;
      }
      Judgement judges = judgement(node);
      if (judges == null) {
        return reward(grade(node.completion()));
      }
      if (!judges.tells()) {
        return pooled;
      }
      Rational judged = reward(grade(path.get(judges.turn())));
      boolean wrong = Rational.ZERO.equals(judged);
      boolean agrees = judges.flags(node.completion().text()) == wrong;
      return judged == null ? null : agrees ? Rational.ONE : Rational.ZERO;
    }

    private Grade grade(Completion answer) {
      return grader.grade(problem, answer.response()).grade();
    }
  }

  private @Nullable Rational contribution(ValuedNode child) {
    Rational exact = child.exact();
    if (exact == null || pooling != Pooling.LOCAL) {
      return exact;
    }
    return correct(exact) ? Rational.ONE : Rational.ZERO;
  }

  private static @Nullable Rational reward(Grade grade) {
    return switch (grade) {
      case CORRECT -> Rational.ONE;
      case INCORRECT -> Rational.ZERO;
      case UNGRADABLE -> null;
    };
  }

  private ValuedNode valued(
      TreeNode node,
      @Nullable Rational exact,
      @Nullable Grading grading,
      List<ValuedNode> children) {
    Boolean label = exact == null ? null : correct(exact);
    return new ValuedNode(node, exact, label, grading, children);
  }
}
