package malt.app.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Map;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import malt.problem.Problem;
import malt.problem.Response;

/**
 * {"gold", "prediction"} to {"grade", "extracted", "reason"}. A prediction of {@code null} says
 * nothing.
 */
public final class GradeTool implements RowTool {
  private final Grader grader;
  private final Map<Grade, Integer> counts = new EnumMap<>(Grade.class);

  public GradeTool(Grader grader) {
    this.grader = grader;
  }

  /** How many rows got each grade so far. */
  public Map<Grade, Integer> counts() {
    return counts;
  }

  @Override
  public ObjectNode apply(Row row) {
    Problem problem = new Problem("", "", row.scalar("gold", false));
    Grading grading = grader.grade(problem, Response.whole(row.scalar("prediction", true)));
    counts.merge(grading.grade(), 1, Integer::sum);
    return JsonRows.object()
        .put("grade", grading.grade().name())
        .put("extracted", grading.extracted())
        .put("reason", grading.reason());
  }
}
