package malt.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import malt.AtomicFiles;
import malt.MalformedDataException;

/** Wall-clock seconds by stage, summed over the attempts that a run took. */
final class Timings {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Map<String, Double> seconds;

  Timings(Path file) {
    this.file = file;
    String text = RunDirectory.readIfThere(file);
    try {
      seconds =
          text == null
              ? new LinkedHashMap<>()
              : JSON.readValue(text, new TypeReference<LinkedHashMap<String, Double>>() {});
    } catch (JsonProcessingException e) {
      throw new MalformedDataException(file + " is not a table of seconds by stage", e);
    }
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
        save();
      }
    }
  }

  private void save() {
    try {
      AtomicFiles.write(file, JSON.writeValueAsString(seconds) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
