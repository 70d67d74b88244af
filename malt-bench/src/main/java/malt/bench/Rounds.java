package malt.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import malt.bench.Contender.Result;

/** Results of contenders that ran in turn, A B C A B C: what disturbs one disturbs all. */
final class Rounds {
  private final Map<String, List<Result>> results = new LinkedHashMap<>(); // by contender

  /** Runs them and tells each result as it comes. */
  static Rounds run(List<Contender> contenders, int rounds)
      throws IOException, InterruptedException {
    Rounds all = new Rounds();
    for (int round = 1; round <= rounds; round++) {
      for (Contender contender : contenders) {
        Result result = contender.run();
        all.results.computeIfAbsent(contender.name(), name -> new ArrayList<>()).add(result);
        System.out.printf(
            "round %d, %s: %.1f s (%s)%n",
            round,
            contender.name(),
            result.measurement().seconds(),
            result.measurement().stages(1));
      }
    }
    return all;
  }

  /**
   * Medians.
   *
   * @param part what a measurement has {@code parts} of: "question", "step"
   * @param first the contender that the others are measured by
   */
  String table(String part, int parts, String first) {
    double speed = median(first, result -> result.measurement().tokensPerSecond());
    StringBuilder table =
        new StringBuilder(
            "%-10s %14s %10s %10s %10s %12s%n"
                .formatted("", "s a " + part, "tokens", "tokens/s", "peak GB", "times " + first));
    for (String name : results.keySet()) {
      table.append(
          "%-10s %14.2f %10.0f %10.1f %10.2f %12.2f%n"
              .formatted(
                  name,
                  median(name, result -> result.measurement().seconds() / parts),
                  median(name, result -> (double) result.measurement().tokens()),
                  median(name, result -> result.measurement().tokensPerSecond()),
                  median(name, result -> result.peakBytes() / 1e9),
                  speed / median(name, result -> result.measurement().tokensPerSecond())));
    }
    return table.toString();
  }

  /** The upper one of the two in the middle where there is an even number. */
  private double median(String name, ToDoubleFunction<Result> value) {
    List<Result> runs = results.getOrDefault(name, List.of());
    return runs.stream().mapToDouble(value).sorted().toArray()[runs.size() / 2];
  }
}
