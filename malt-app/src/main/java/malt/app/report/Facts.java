package malt.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import malt.app.report.run.RunData;
import malt.app.text.Numbers;

/** What was run on what: rows of a name and a value. */
final class Facts {
  private Facts() {}

  static List<List<String>> of(RunData run) {
    List<List<String>> rows = new ArrayList<>();
    run.evaluation()
        .ifPresent(
            evaluation -> {
              add(rows, "model", evaluation.model());
              add(rows, "benchmark", evaluation.benchmark());
              add(rows, "grader", evaluation.grader());
              add(rows, "test questions", Numbers.grouped(evaluation.questions()));
              add(rows, "training seeds", join(evaluation.seeds()));
              add(rows, "votes", Long.toString(evaluation.votes()));
              add(rows, "evaluated", evaluation.created());
            });
    for (Map.Entry<String, String> entry : run.manifest().entrySet()) {
      String name = entry.getKey().replace('_', ' ');
      if (rows.stream().noneMatch(row -> row.get(0).equals(name))) {
        add(rows, name, entry.getValue());
      }
    }
    return rows;
  }

  private static void add(List<List<String>> rows, String name, String value) {
    if (!value.isEmpty()) {
      rows.add(List.of(name, value));
    }
  }

  private static String join(List<Long> seeds) {
    return String.join(", ", seeds.stream().map(String::valueOf).toList());
  }
}
