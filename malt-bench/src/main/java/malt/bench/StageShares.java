package malt.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Prints the share of each stage in the time that a run took: {@code StageShares runs/nano}. */
public final class StageShares {
  private StageShares() {}

  public static void main(String[] arguments) throws IOException {
    Path run = Path.of(arguments.length == 0 ? "runs/nano" : arguments[0]);
    Map<String, Double> seconds = new LinkedHashMap<>();
    ObjectMapper json = new ObjectMapper();
    List<Path> seeds;
    try (Stream<Path> entries = Files.list(run)) {
      seeds =
          entries
              .map(entry -> entry.resolve("timings.json"))
              .filter(Files::exists)
              .sorted()
              .toList();
    }
    for (Path file : seeds) {
      json.readValue(file.toFile(), new TypeReference<LinkedHashMap<String, Double>>() {})
          .forEach((stage, time) -> seconds.merge(stage, time, Double::sum));
    }
    double total = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    seconds.forEach(
        (stage, time) ->
            System.out.printf("%-44s %8.1f s %5.1f %%%n", stage, time, 100 * time / total));
    System.out.printf("%-44s %8.1f s%n", "all stages", total);
  }
}
