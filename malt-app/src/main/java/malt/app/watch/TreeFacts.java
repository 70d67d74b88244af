package malt.app.watch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.credit.RoleStatistics;
import malt.credit.ValuedNode;
import malt.evaluation.FlagCounts;
import malt.experiment.GrowingTrees;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;

/**
 * What trees look like, in sums that can be added.
 *
 * @param trees that anything was sampled of
 * @param complete of these
 * @param right graded leaves of complete trees that are right
 * @param graded leaves of complete trees
 * @param harmed critiques after which a right answer became a wrong one
 * @param helped critiques after which a wrong answer became a right one
 * @param turns by name, in the order in which they speak
 */
record TreeFacts(
    long trees,
    long complete,
    long right,
    long graded,
    long harmed,
    long helped,
    Map<String, Turn> turns) {
  static final TreeFacts NONE = new TreeFacts(0, 0, 0, 0, 0, 0, Map.of());

  /**
   * The completions of a turn that did not fail.
   *
   * @param told of these, how many came with their token ids
   * @param tokens of those
   * @param scored tokens whose log-probability is known
   * @param surprise the sum of their negative log-probabilities, in nats
   * @param flags of critiques of answers that could be graded
   * @param values of the nodes of complete trees
   */
  record Turn(
      long completions,
      long told,
      long tokens,
      long scored,
      double surprise,
      long truncated,
      FlagCounts flags,
      RoleStatistics values) {
    private static final Turn NONE =
        new Turn(0, 0, 0, 0, 0, 0, FlagCounts.NONE, RoleStatistics.of(List.of()));

    Turn plus(Turn other) {
      return new Turn(
          completions + other.completions,
          told + other.told,
          tokens + other.tokens,
          scored + other.scored,
          surprise + other.surprise,
          truncated + other.truncated,
          flags.plus(other.flags),
          values.plus(other.values));
    }

    private static Turn of(SeenNode node) {
      Completion said = node.valued().node().completion();
      Grade judged = node.judged();
      Boolean flagged = node.flags();
      return new Turn(
          1,
          said.ids().length > 0 ? 1 : 0,
          said.ids().length,
          said.logProbs().length,
          -said.logProb(),
          said.finish() == FinishReason.LENGTH ? 1 : 0,
          judged == null || judged == Grade.UNGRADABLE || flagged == null
              ? FlagCounts.NONE
              : FlagCounts.of(judged == Grade.CORRECT, flagged),
          NONE.values);
    }

    private Turn with(RoleStatistics others) {
      return new Turn(completions, told, tokens, scored, surprise, truncated, flags, others);
    }
  }

  /** Of these trees and those. */
  TreeFacts plus(TreeFacts other) {
    Map<String, Turn> sums = new LinkedHashMap<>(turns);
    other.turns.forEach((turn, facts) -> sums.merge(turn, facts, Turn::plus));
    return new TreeFacts(
        trees + other.trees,
        complete + other.complete,
        right + other.right,
        graded + other.graded,
        harmed + other.harmed,
        helped + other.helped,
        sums);
  }

  /** Of one tree. */
  static TreeFacts of(GrowingTrees.Grown grown, Grader grader) {
    Map<String, Turn> turns = new LinkedHashMap<>();
    grown.team().agents().forEach(agent -> turns.put(agent.turn(), Turn.NONE));
    Map<String, List<ValuedNode>> nodes = new LinkedHashMap<>();
    long harmed = 0;
    long helped = 0;
    for (SeenNode node : SeenNode.of(grown, grader)) {
      if (!node.valued().node().failed()) {
        turns.merge(node.agent().turn(), Turn.of(node), Turn::plus);
      }
      nodes.computeIfAbsent(node.agent().turn(), turn -> new ArrayList<>()).add(node.valued());
      harmed += node.turned() == SeenNode.Turned.WRONG ? 1 : 0;
      helped += node.turned() == SeenNode.Turned.RIGHT ? 1 : 0;
    }
    long right = 0;
    long graded = 0;
    if (grown.complete()) {
      nodes.forEach(
          (turn, all) ->
              turns.computeIfPresent(turn, (name, sum) -> sum.with(RoleStatistics.of(all))));
      for (ValuedNode node : grown.tree().nodes()) {
        Grading grading = node.grading();
        if (grading != null && grading.grade() != Grade.UNGRADABLE) {
          graded++;
          right += grading.correct() ? 1 : 0;
        }
      }
    }
    return new TreeFacts(1, grown.complete() ? 1 : 0, right, graded, harmed, helped, turns);
  }
}
