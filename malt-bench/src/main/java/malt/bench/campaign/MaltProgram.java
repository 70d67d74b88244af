package malt.bench.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line in a process of its own, on the classes of this one. */
final class MaltProgram {
  private static final int MINUTES = 30; // for a tiny run, on the busiest of machines

  private MaltProgram() {}

  /** The root of the repository. */
  static Path home() {
    Path directory = Path.of(System.getProperty("malt.home", "")).toAbsolutePath();
    for (Path at = directory; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("configs/nano.yaml"))) {
        return at;
      }
    }
    throw new IllegalStateException(directory + " is not in MALT's repository");
  }

  /** A JVM with a main of these classes, as the launcher starts it but for a smaller heap. */
  static List<String> java(Class<?> main, String... options) {
    return command(main, List.of("--add-modules", "jdk.incubator.vector"), options);
  }

  /**
   * One for what ends in seconds, before the second compiler is worth its work; the Vector API,
   * which needs that one, is left out.
   */
  static List<String> brief(Class<?> main) {
    return command(main, List.of("-XX:TieredStopAtLevel=1"));
  }

  private static List<String> command(Class<?> main, List<String> how, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(how);
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC"));
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.add("-Dmalt.home=" + home());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    return command;
  }

  /** Starts it; what it says is appended to {@code log}. */
  static Process start(Path log, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("OMP_NUM_THREADS", "1");
    return builder.start();
  }

  /**
   * Waits for its end.
   *
   * @return its exit status
   * @throws BrokenPromise if it does not end
   */
  static int finish(Process process, Path log)
      throws IOException, InterruptedException, BrokenPromise {
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new BrokenPromise("it did not end in %d min; see %s".formatted(MINUTES, log));
    }
    return process.exitValue();
  }
}
