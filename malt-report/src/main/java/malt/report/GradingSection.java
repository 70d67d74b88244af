package malt.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.Numbers;
import malt.evaluation.EvaluationReport;
import malt.evaluation.MethodResult;

/** What could not be graded as it should. */
final class GradingSection {
  private GradingSection() {}

  static Optional<Section> of(EvaluationReport evaluation) {
    return Optional.of(
        new Section(
            "grading",
            "Grading",
            "Completions that were put to the vote, graded by \"%s\": those in which no answer was"
                    .formatted(evaluation.grader())
                + " found, that were cut at the token limit, or that failed. One without an answer"
                + " or that failed is not right; one that was cut counts by the answer that it"
                + " states until then, if it states one. A question is ungradable where all of its"
                + " votes failed, or where its reference answer is broken.",
            List.of(),
            List.of(
                Table.of(evaluation.grading().entrySet())
                    .column("Method", Map.Entry::getKey)
                    .column("Completions", row -> Numbers.grouped(row.getValue().completions()))
                    .column("No answer", row -> Numbers.grouped(row.getValue().noAnswer()))
                    .column("Truncated", row -> Numbers.grouped(row.getValue().truncated()))
                    .column("Failed", row -> Numbers.grouped(row.getValue().failed()))
                    .column("Ungradable questions", row -> ungradable(evaluation, row.getKey()))
                    .titled(""))));
  }

  private static String ungradable(EvaluationReport evaluation, String name) {
    MethodResult method = evaluation.methods().get(name);
    return method == null ? "–" : Numbers.grouped(method.ungradable());
  }
}
