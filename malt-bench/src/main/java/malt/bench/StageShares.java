package malt.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.Timings;

/** Prints the share of each stage in the time that a run took: {@code StageShares runs/nano}. */
public final class StageShares {
  private StageShares() {}

  public static void main(String[] arguments) {
    Path run = Path.of(arguments.length == 0 ? "runs/nano" : arguments[0]);
    Map<String, Double> seconds = new LinkedHashMap<>();
    RunLayout layout = new RunLayout(run);
    for (long seed : RunDirectory.readConfig(run).seeds()) {
      Path file = layout.seed(seed).timings();
      if (Files.exists(file)) {
        Timings.read(file).forEach((stage, time) -> seconds.merge(stage, time, Double::sum));
      }
    }
    double total = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    seconds.forEach(
        (stage, time) ->
            System.out.printf("%-44s %8.1f s %5.1f %%%n", stage, time, 100 * time / total));
    System.out.printf("%-44s %8.1f s%n", "all stages", total);
  }
}
