package malt.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code malt serve} on the embedded model in a process of its own. */
public final class ServedProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening: (\\S+)");

  private final Process process;
  private final Path log;
  private final String url;

  private ServedProcess(Process process, Path log, String url) {
    this.process = process;
    this.log = log;
    this.url = url;
  }

  /** Starts it at a free port and waits until it listens. */
  public static ServedProcess start(Path folder, String... options)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "serve", ".log");
    List<String> arguments = new ArrayList<>(List.of("serve"));
    if (!List.of(options).contains("--port")) {
      arguments.addAll(List.of("--port", "0"));
    }
    if (!List.of(options).contains("--team")) {
      arguments.addAll(List.of("--model", "models/nano"));
    }
    arguments.addAll(List.of(options));
    Process process = MaltProcess.start(log, arguments);
    for (int i = 0; i < 1200 && process.isAlive(); i++) {
      Matcher listening = LISTENING.matcher(Files.readString(log));
      if (listening.find()) {
        return new ServedProcess(process, log, listening.group(1));
      }
      Thread.sleep(50);
    }
    process.destroyForcibly();
    throw new AssertionError("it does not listen:\n" + Files.readString(log));
  }

  public String url() {
    return url;
  }

  /** What it printed so far. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for its end; its exit status. */
  public int await() throws IOException, InterruptedException {
    return MaltProcess.finish(process, log);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
