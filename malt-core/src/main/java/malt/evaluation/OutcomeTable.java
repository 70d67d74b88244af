package malt.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import malt.MalformedDataException;
import malt.problem.Grade;

/**
 * One method's outcomes: all seeds on the same questions, both in ascending order, so that nothing
 * depends on the order of evaluation.
 *
 * @param problemIds (Q)
 * @param clusters of these questions
 * @param correct 1 or 0 by seed, (Q) each, in the order of the seeds
 * @param ungradable outcomes that are so, over all seeds
 */
record OutcomeTable(
    List<String> problemIds, Clusters clusters, Map<Long, int[]> correct, long ungradable) {

  static OutcomeTable of(String method, List<QuestionOutcome> outcomes) {
    Map<Long, Map<String, QuestionOutcome>> bySeed = new TreeMap<>();
    for (QuestionOutcome outcome : outcomes) {
      QuestionOutcome before =
          bySeed
              .computeIfAbsent(outcome.seed(), seed -> new TreeMap<>())
              .put(outcome.problemId(), outcome);
      if (before != null) {
        throw new MalformedDataException(
            "method %s has two outcomes for problem %s in seed %d"
                .formatted(method, outcome.problemId(), outcome.seed()));
      }
    }
    Map<String, QuestionOutcome> first = bySeed.values().iterator().next();
    List<String> ids = List.copyOf(first.keySet());
    Clusters clusters = Clusters.of(first.values().stream().map(QuestionOutcome::cluster).toList());
    Map<Long, int[]> correct = new LinkedHashMap<>();
    bySeed.forEach((seed, rows) -> correct.put(seed, column(method, seed, ids, rows)));
    long ungradable =
        outcomes.stream().filter(outcome -> outcome.grade() == Grade.UNGRADABLE).count();
    return new OutcomeTable(ids, clusters, correct, ungradable);
  }

  private static int[] column(
      String method, long seed, List<String> ids, Map<String, QuestionOutcome> rows) {
    if (rows.size() != ids.size() || !rows.keySet().containsAll(ids)) {
      throw new MalformedDataException(
          "method %s was not evaluated on the same questions in every seed; seed %d differs"
              .formatted(method, seed));
    }
    return ids.stream()
        .mapToInt(id -> Objects.requireNonNull(rows.get(id)).correct() ? 1 : 0)
        .toArray();
  }

  int questions() {
    return problemIds.size();
  }

  List<Long> seeds() {
    return List.copyOf(correct.keySet());
  }

  int[] column(long seed) {
    return Objects.requireNonNull(correct.get(seed));
  }

  /** (S, Q). */
  int[][] columns(List<Long> seeds) {
    return seeds.stream().map(this::column).toArray(int[][]::new);
  }
}
