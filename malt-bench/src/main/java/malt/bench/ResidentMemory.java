package malt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The resident memory of a process, looked at once a second from /proc until closed. */
final class ResidentMemory implements AutoCloseable {
  private final Path status;
  private final List<Long> megabytes = Collections.synchronizedList(new ArrayList<>());
  private final Thread watcher;

  ResidentMemory(long process) {
    status = Path.of("/proc", String.valueOf(process), "status");
    watcher = new Thread(this::watch, "resident-memory");
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
      System.err.println("resident memory: " + e);
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

  @Override
  public void close() {
    watcher.interrupt();
  }
}
