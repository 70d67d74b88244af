package malt.tree;

import java.util.List;
import malt.problem.Grading;
import org.jspecify.annotations.Nullable;

/**
 * What credit assignment found for one node, as the journal keeps it for inspection.
 *
 * @param value null where no leaf below could be graded
 * @param label whether the value is above the threshold; null where there is no value
 * @param grading of a leaf; null for inner nodes
 */
public record NodeValue(
    String problemId,
    List<Integer> path,
    @Nullable Double value,
    @Nullable Boolean label,
    @Nullable Grading grading) {
  public NodeValue {
    path = List.copyOf(path);
  }
}
