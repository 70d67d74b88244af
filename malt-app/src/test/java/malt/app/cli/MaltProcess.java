package malt.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line in a JVM of its own. */
final class MaltProcess {
  private MaltProcess() {}

  /** The root of the repository. */
  static Path home() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("configs/nano.yaml"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  /** Starts it; what it says is appended to {@code log}. */
  static Process start(Path log, List<String> arguments) throws IOException {
    return start(log, arguments, ProcessBuilder.Redirect.PIPE);
  }

  /** As above; it reads from {@code input}. */
  static Process start(Path log, List<String> arguments, ProcessBuilder.Redirect input)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector")); // as the launcher does
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("-Xmx1g");
    command.add("-XX:+UseSerialGC");
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    command.add("-Dmalt.home=" + home());
    command.add(Malt.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectInput(input)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Waits for its end. */
  static int finish(Process process, Path log) throws IOException, InterruptedException {
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("it did not end:\n" + Files.readString(log));
    }
    return process.exitValue();
  }
}
