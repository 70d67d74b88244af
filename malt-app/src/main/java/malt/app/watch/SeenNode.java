package malt.app.watch;

import java.util.ArrayList;
import java.util.List;
import malt.agent.Agent;
import malt.agent.Judgement;
import malt.credit.ValuedNode;
import malt.experiment.GrowingTrees;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import org.jspecify.annotations.Nullable;

/**
 * A node with what only its tree tells of it.
 *
 * @param grading of its own words where they are an answer; null for a critique and for a failure
 * @param judged the grade of the answer that it judges; null where it judges none
 * @param flags whether it calls that answer wrong; null where nothing tells
 * @param turned what became of that answer where most of what came of the critique is otherwise;
 *     null where it did not change
 */
record SeenNode(
    ValuedNode valued,
    Agent agent,
    @Nullable Grading grading,
    @Nullable Grade judged,
    @Nullable Boolean flags,
    @Nullable Turned turned) {
  /** What a critique made of an answer. */
  enum Turned {
    /** A right answer became a wrong one. */
    WRONG,
    /** A wrong answer became a right one. */
    RIGHT
  }

  /** The nodes of a tree, parents before children. */
  static List<SeenNode> of(GrowingTrees.Grown grown, Grader grader) {
    List<SeenNode> seen = new ArrayList<>();
    grown.tree().roots().forEach(root -> add(grown, grader, root, List.of(), seen));
    return seen;
  }

  private static void add(
      GrowingTrees.Grown grown,
      Grader grader,
      ValuedNode node,
      List<SeenNode> before,
      List<SeenNode> seen) {
    Agent agent = grown.team().agents().get(node.node().turn());
    Judgement judges = agent.judges();
    boolean answers = judges == null && !node.node().failed();
    Grading grading =
        answers ? grader.grade(grown.tree().problem(), node.node().completion().response()) : null;
    Grading judged = judges == null ? null : before.get(judges.turn()).grading();
    SeenNode one =
        new SeenNode(
            node,
            agent,
            grading,
            judged == null ? null : judged.grade(),
            flags(judges, node),
            judged == null ? null : turned(judged.grade(), node));
    seen.add(one);
    List<SeenNode> path = new ArrayList<>(before);
    path.add(one);
    node.children().forEach(child -> add(grown, grader, child, path, seen));
  }

  private static @Nullable Boolean flags(@Nullable Judgement judges, ValuedNode node) {
    if (judges == null || !judges.tells()) {
      return null;
    }
    return judges.flags(node.node().completion().text());
  }

  private static @Nullable Turned turned(Grade judged, ValuedNode critique) {
    int[] counts = new int[2];
    critique.children().forEach(child -> count(child, counts));
    if (judged == Grade.CORRECT && counts[0] > counts[1]) {
      return Turned.WRONG;
    }
    return judged == Grade.INCORRECT && counts[1] > counts[0] ? Turned.RIGHT : null;
  }

  /** Wrong and right leaves. */
  private static void count(ValuedNode node, int[] counts) {
    Grading grading = node.grading();
    if (grading != null && grading.grade() != Grade.UNGRADABLE) {
      counts[grading.correct() ? 1 : 0]++;
    }
    node.children().forEach(child -> count(child, counts));
  }
}
