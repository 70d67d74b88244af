package malt.credit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import malt.agent.AgentRole;
import malt.model.FinishReason;
import malt.problem.Grade;

/**
 * What a role's nodes look like.
 *
 * @param correct nodes labelled correct
 * @param valueHistogram nodes by value in ten bins, [0, 0.1) to [0.9, 1]
 * @param ungradable nodes without a value: failed, or no leaf below could be graded
 * @param truncated completions cut at the token limit
 * @param noAnswer leaves in which no answer was found; they count as incorrect
 */
public record RoleStatistics(
    int nodes,
    int correct,
    List<Integer> valueHistogram,
    int ungradable,
    int truncated,
    int noAnswer) {
  public static final int BINS = 10;

  public RoleStatistics {
    valueHistogram = List.copyOf(valueHistogram);
  }

  /** Statistics of each turn's role, in the order of the chain. */
  public static Map<AgentRole, RoleStatistics> byRole(
      List<AgentRole> roles, List<ValuedTree> trees) {
    Map<AgentRole, RoleStatistics> found = new LinkedHashMap<>();
    for (int turn = 0; turn < roles.size(); turn++) {
      int t = turn;
      found.put(
          roles.get(turn), of(trees.stream().flatMap(tree -> tree.nodes(t).stream()).toList()));
    }
    return found;
  }

  public static RoleStatistics of(List<ValuedNode> nodes) {
    int[] bins = new int[BINS];
    int correct = 0;
    int ungradable = 0;
    int truncated = 0;
    int noAnswer = 0;
    for (ValuedNode valued : nodes) {
      Double value = valued.value();
      if (value == null) {
        ungradable++;
      } else {
        bins[Math.min(BINS - 1, (int) (value * BINS))]++;
      }
      correct += Boolean.TRUE.equals(valued.label()) ? 1 : 0;
      truncated += valued.node().completion().finish() == FinishReason.LENGTH ? 1 : 0;
      noAnswer += saysNoAnswer(valued) ? 1 : 0;
    }
    return new RoleStatistics(
        nodes.size(),
        correct,
        IntStream.of(bins).boxed().toList(),
        ungradable,
        truncated,
        noAnswer);
  }

  private static boolean saysNoAnswer(ValuedNode valued) {
    return valued.grading() != null
        && valued.grading().grade() == Grade.INCORRECT
        && valued.grading().extracted() == null;
  }
}
