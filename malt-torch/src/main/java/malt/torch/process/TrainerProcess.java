package malt.torch.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.MaltException;

/**
 * A program at work on one job. It does not outlive this: whoever is interrupted or fails ends it
 * and all that it started, and its standard input ends with this process, however that ends.
 */
final class TrainerProcess {
  private static final long LOOK_MILLIS = 100;
  private static final long GRACE_SECONDS = 10; // to leave a checkpoint
  private static final int LINES_SHOWN = 20;

  private TrainerProcess() {}

  /**
   * Runs a command to its end.
   *
   * @param job for errors
   * @param log is given all that the program prints, behind what is there
   * @param meanwhile is called again and again, and once more after the end
   * @throws ConfigException if the command cannot be started
   * @throws MaltException if it ended other than well, with the last lines of its output; or if
   *     this thread was interrupted
   */
  static void run(String job, List<String> command, Path log, Runnable meanwhile) {
    Process process = start(job, command, log);
    try {
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        meanwhile.run();
      }
      meanwhile.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MaltException("training was interrupted", e);
    } finally {
      end(process);
    }
    if (process.exitValue() != 0) {
      throw new MaltException(failure(job, command, log, process.exitValue()));
    }
  }

  private static Process start(String job, List<String> command, Path log) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new ConfigException(
          "%s: cannot start the trainer %s: %s; training.command names it, machine.training_launcher what starts it"
              .formatted(job, String.join(" ", command), e.getMessage()),
          e);
    }
  }

  private static String failure(String job, List<String> command, Path log, int code) {
    String how = "exit code " + code;
    if (code > 128) {
      how += code == 137 ? " (killed; memory may have run out)" : ", signal " + (code - 128);
    }
    return "%s: the trainer ended with %s%n  command: %s%n  log: %s, which ends in%n%s"
        .formatted(
            job, how, String.join(" ", command), log, lastLines(log).indent(4).stripTrailing());
  }

  private static String lastLines(Path log) {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    } catch (IOException e) {
      return "(cannot be read: %s)".formatted(e);
    }
  }

  /** Ends what runs of it still: asks, waits a little, and then no longer asks. */
  private static void end(Process process) {
    if (process.isAlive()) {
      endTree(process);
    }
    closeInput(process); // not before: its end says that nobody waits for a checkpoint
  }

  private static void endTree(Process process) {
    boolean interrupted = Thread.interrupted();
    List<ProcessHandle> all = tree(process);
    all.forEach(ProcessHandle::destroy);
    try {
      CompletableFuture.allOf(
              all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
          .get(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (TimeoutException | ExecutionException e) {
      // what is left is ended below
    }
    Stream.concat(all.stream(), tree(process).stream()).forEach(ProcessHandle::destroyForcibly);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<ProcessHandle> tree(Process process) {
    return Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
  }

  private static void closeInput(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // nobody reads it any more
    }
  }
}
