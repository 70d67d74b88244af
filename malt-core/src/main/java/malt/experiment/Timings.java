package malt.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import malt.MalformedDataException;

/** Wall-clock seconds by stage, summed over the attempts that a run took. */
public final class Timings {
  private final Path file;
  private final Map<String, Double> seconds;

  Timings(Path file) {
    this.file = file;
    this.seconds = Files.exists(file) ? read(file) : new LinkedHashMap<>();
  }

  /**
   * Seconds by stage, in the order of the stages.
   *
   * @throws MalformedDataException if the file holds something else
   */
  public static Map<String, Double> read(Path file) {
    return RunFiles.read(file, new TypeReference<LinkedHashMap<String, Double>>() {});
  }

  /**
   * Runs the work and adds its time to the stage's.
   *
   * @param done asked afterwards: whether there was anything left to do
   */
  void time(String stage, BooleanSupplier done, Runnable work) {
    long start = System.nanoTime();
    try {
      work.run();
    } finally {
      if (done.getAsBoolean()) {
        seconds.merge(stage, (System.nanoTime() - start) / 1e9, Double::sum);
        RunFiles.write(file, seconds);
      }
    }
  }
}
