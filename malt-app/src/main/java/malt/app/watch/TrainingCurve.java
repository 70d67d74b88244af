package malt.app.watch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.training.TrainingStep;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a training job, thinned to what a plot can show: each point is the mean over
 * neighbouring steps.
 *
 * @param done steps so far
 * @param steps in the whole job
 * @param over whether the adapter is there
 * @param at the step that each point stands at, (N)
 * @param metrics by TRL's name, (N) each; null where a metric has no finite number
 */
record TrainingCurve(
    long seed,
    String round,
    String role,
    String method,
    int done,
    int steps,
    boolean over,
    List<Integer> at,
    Map<String, List<@Nullable Double>> metrics) {
  private static final int MOST_POINTS = 160;

  static TrainingCurve of(
      long seed, String round, String role, String method, boolean over, List<TrainingStep> steps) {
    Set<String> names = new LinkedHashSet<>();
    steps.forEach(step -> names.addAll(step.metrics().keySet()));
    int width = Math.max(1, (steps.size() + MOST_POINTS - 1) / MOST_POINTS);
    List<Integer> at = new ArrayList<>();
    Map<String, List<@Nullable Double>> metrics = new LinkedHashMap<>();
    names.forEach(name -> metrics.put(name, new ArrayList<>()));
    for (int from = 0; from < steps.size(); from += width) {
      List<TrainingStep> part = steps.subList(from, Math.min(from + width, steps.size()));
      at.add(part.get(part.size() - 1).step());
      metrics.forEach((name, values) -> values.add(mean(part, name)));
    }
    int all = steps.isEmpty() ? 0 : steps.get(0).steps();
    return new TrainingCurve(seed, round, role, method, steps.size(), all, over, at, metrics);
  }

  private static @Nullable Double mean(List<TrainingStep> steps, String name) {
    double[] values =
        steps.stream()
            .mapToDouble(step -> step.metrics().getOrDefault(name, Double.NaN))
            .filter(Double::isFinite)
            .toArray();
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return values.length == 0 ? null : sum / values.length;
  }
}
