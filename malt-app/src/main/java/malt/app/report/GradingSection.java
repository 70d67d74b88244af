package malt.app.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import malt.app.report.run.Evaluation;
import malt.app.text.Numbers;

/** What could not be graded as it should. */
final class GradingSection {
  private GradingSection() {}

  static Optional<Section> of(Evaluation evaluation) {
    Map<String, Map<String, Long>> grading = evaluation.grading();
    if (grading.isEmpty()) {
      return Optional.empty();
    }
    Set<String> kinds = new LinkedHashSet<>();
    grading.values().forEach(counts -> kinds.addAll(counts.keySet()));
    List<String> names = new ArrayList<>(List.of("Method"));
    kinds.forEach(kind -> names.add(words(kind)));
    names.add("Ungradable questions");
    List<List<String>> rows = new ArrayList<>();
    grading.forEach(
        (team, counts) -> {
          List<String> row = new ArrayList<>(List.of(team));
          kinds.forEach(kind -> row.add(Numbers.grouped(counts.getOrDefault(kind, 0L))));
          row.add(
              evaluation
                  .method(team)
                  .map(method -> Numbers.grouped(method.ungradable()))
                  .orElse("–"));
          rows.add(row);
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
            List.of(Table.ofNumbers("", names, rows))));
  }

  private static String words(String key) {
    String words = key.replace('_', ' ');
    return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
