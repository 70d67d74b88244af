package malt.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import malt.Numbers;
import malt.evaluation.EvaluationReport;
import malt.evaluation.MethodResult;

/** What could not be graded as it should. */
final class GradingSection {
  private GradingSection() {}

  static Optional<Section> of(EvaluationReport evaluation) {
    List<List<String>> rows = new ArrayList<>();
    evaluation
        .grading()
        .forEach(
            (name, counts) -> {
              MethodResult method = evaluation.methods().get(name);
              rows.add(
                  List.of(
                      name,
                      Numbers.grouped(counts.completions()),
                      Numbers.grouped(counts.noAnswer()),
                      Numbers.grouped(counts.truncated()),
                      Numbers.grouped(counts.failed()),
                      method == null ? "–" : Numbers.grouped(method.ungradable())));
            });
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
                Table.ofNumbers(
                    "",
                    List.of(
                        "Method",
                        "Completions",
                        "No answer",
                        "Truncated",
                        "Failed",
                        "Ungradable questions"),
                    rows))));
  }
}
