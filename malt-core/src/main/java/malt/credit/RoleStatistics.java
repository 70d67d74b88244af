package malt.credit;

import java.util.List;
import java.util.stream.IntStream;
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

  /** Of these nodes and those. */
  public RoleStatistics plus(RoleStatistics other) {
    return new RoleStatistics(
        nodes + other.nodes,
        correct + other.correct,
        IntStream.range(0, BINS)
            .mapToObj(bin -> valueHistogram.get(bin) + other.valueHistogram.get(bin))
            .toList(),
        ungradable + other.ungradable,
        truncated + other.truncated,
        noAnswer + other.noAnswer);
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
