package malt.report;

import java.util.ArrayList;
import java.util.List;
import malt.Numbers;
import malt.experiment.Manifest;

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
    Manifest manifest = run.manifest();
    add(rows, "name", manifest.name());
    add(rows, "malt", manifest.malt());
    add(rows, "java", manifest.java());
    add(rows, "system", manifest.system());
    add(rows, "base", manifest.base());
    add(rows, "template", manifest.template());
    add(rows, "begun", manifest.begun());
    if (manifest.start() != null) {
      add(rows, "started from", manifest.start().team());
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
