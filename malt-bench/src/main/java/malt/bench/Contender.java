package malt.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import malt.MaltException;

/**
 * A program that does a workload and prints each run as a line of JSON; see {@link Measurement}.
 *
 * @param command that starts it
 * @param ours whether what {@code malt-bench/bench} sets for native libraries is meant for it
 */
record Contender(String name, List<String> command, boolean ours) {
  private static final List<String> OUR_SETTINGS =
      List.of(
          "OMP_WAIT_POLICY",
          "MALLOC_MMAP_THRESHOLD_",
          "MALLOC_TRIM_THRESHOLD_",
          "MALLOC_ARENA_MAX",
          "GLIBC_TUNABLES");

  private static final int LOOK_MILLIS = 100;

  /**
   * A result of it.
   *
   * @param measurement of the last run, which those before it warmed up
   * @param peakBytes of its process and their children
   */
  record Result(Measurement measurement, long peakBytes) {}

  /** Runs it to its end. */
  Result run() throws IOException, InterruptedException {
    Path errors = Files.createTempFile("contender", ".log");
    Path output = Files.createTempFile("contender", ".out");
    errors.toFile().deleteOnExit();
    output.toFile().deleteOnExit();
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectError(errors.toFile())
              .redirectOutput(output.toFile())
              .redirectInput(new File("/dev/null"));
      if (!ours) {
        builder.environment().keySet().removeAll(OUR_SETTINGS);
      }
      Process process = builder.start();
      PeakMemory memory = new PeakMemory(process.toHandle());
      Thread end = new Thread(() -> end(process)); // when this program is killed
      Runtime.getRuntime().addShutdownHook(end);
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        memory.look();
      }
      Runtime.getRuntime().removeShutdownHook(end);
      Optional<String> last = lastMeasurement(output);
      if (process.exitValue() != 0 || last.isEmpty()) {
        throw new MaltException(
            "%s (%s) ended with exit code %d and %s; its last words:%n%s"
                .formatted(
                    name,
                    command.get(0),
                    process.exitValue(),
                    last.isEmpty() ? "told no measurement" : "after a measurement",
                    tail(errors)));
      }
      return new Result(Measurement.parse(last.get()), memory.bytes());
    } finally {
      Files.delete(errors);
      Files.delete(output);
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  private static Optional<String> lastMeasurement(Path output) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(output)) {
      return lines
          .lines()
          .filter(line -> line.startsWith("{") && line.contains("\"stages\""))
          .reduce((first, second) -> second);
    }
  }

  private static String tail(Path errors) throws IOException {
    List<String> lines = Files.readAllLines(errors);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }
}
