package malt.bench.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import malt.app.cli.Malt;

/** {@code malt serve} on the embedded model in a process of its own, which wants a key. */
final class ServedModel implements AutoCloseable {
  static final String KEY = "right";

  private static final Pattern LISTENING = Pattern.compile("listening: (\\S+)");
  private static final int SECONDS = 120; // to begin, on a busy machine
  private static final String VARIABLE = "MALT_CAMPAIGN_KEY";

  private final Process process;
  private final String url;

  private ServedModel(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts it at a free port and waits until it listens. */
  static ServedModel start(Path log, String... options) throws IOException, InterruptedException {
    List<String> command = MaltProgram.java(Malt.class);
    Path model = MaltProgram.home().resolve("models/nano");
    command.addAll(List.of("serve", "--model", model.toString(), "--port", "0"));
    command.addAll(List.of("--key-variable", VARIABLE));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put(VARIABLE, KEY);
    Process process = builder.start();
    for (int i = 0; i < SECONDS * 20 && process.isAlive(); i++) {
      Matcher listening = LISTENING.matcher(Files.readString(log));
      if (listening.find()) {
        return new ServedModel(process, listening.group(1));
      }
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly();
    throw new IOException("it does not listen: " + Files.readString(log));
  }

  /** Up to and with the version. */
  String url() {
    return url;
  }

  long process() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Files and connections that it has open; -1 where there is no /proc. */
  long handles() throws IOException {
    Path handles = Path.of("/proc", String.valueOf(process.pid()), "fd");
    if (!Files.isDirectory(handles)) {
      return -1;
    }
    try (Stream<Path> all = Files.list(handles)) {
      return all.count();
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
