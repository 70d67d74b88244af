package malt.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The memory of another process of Java: what is resident, looked at once a second in /proc until
 * closed, and what is alive on its heap.
 */
final class ServerMemory implements AutoCloseable {
  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  private final long process;
  private final Path status;
  private final List<Long> megabytes = Collections.synchronizedList(new ArrayList<>());
  private final Thread watcher;

  ServerMemory(long process) {
    this.process = process;
    status = Path.of("/proc", String.valueOf(process), "status");
    watcher = new Thread(this::watch, "server-memory");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    try {
      while (!Thread.interrupted() && Files.exists(status)) {
        megabytes.add(now());
        Thread.sleep(1000);
      }
    } catch (IOException e) {
      System.err.println("/proc: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long now() throws IOException {
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  /** The median of each quarter of the time, in MB; n/a where there is no /proc. */
  String quarters() {
    List<Long> seen = List.copyOf(megabytes);
    if (seen.size() < 4) {
      return "n/a";
    }
    return IntStream.range(0, 4)
        .mapToObj(q -> seen.subList(q * seen.size() / 4, (q + 1) * seen.size() / 4))
        .map(quarter -> quarter.stream().sorted().toList().get(quarter.size() / 2).toString())
        .collect(Collectors.joining(" "));
  }

  /** What is left on the heap by a full collection, in MB. */
  long liveHeap() throws IOException, InterruptedException {
    jcmd("GC.run");
    Matcher used = USED.matcher(jcmd("GC.heap_info"));
    if (!used.find()) {
      throw new IOException("jcmd GC.heap_info of process " + process + " shows no heap in use");
    }
    return Long.parseLong(used.group(1)) / 1024;
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(process),
                command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    return said;
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
