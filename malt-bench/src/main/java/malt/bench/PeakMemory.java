package malt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The most resident memory that a process and its children ever held, each by its own peak, as
 * Linux tells it in /proc; 0 where there is none.
 */
public final class PeakMemory {
  private static final String PEAK = "VmHWM:";
  private static final String NOW = "VmRSS:";

  private final ProcessHandle process;
  private final Map<Long, Long> peaks = new HashMap<>(); // bytes by process

  public PeakMemory(ProcessHandle process) {
    this.process = process;
  }

  static long ofThisProcess() {
    return told(PEAK, ProcessHandle.current().pid());
  }

  /** What this process holds now, in bytes; 0 where there is no /proc. */
  public static long residentOfThisProcess() {
    return told(NOW, ProcessHandle.current().pid());
  }

  /** Looks again: peaks of processes that have ended since are kept as they were last seen. */
  public void look() {
    Stream.concat(Stream.of(process), process.descendants())
        .forEach(one -> peaks.merge(one.pid(), told(PEAK, one.pid()), Math::max));
  }

  public long bytes() {
    return peaks.values().stream().mapToLong(Long::longValue).sum();
  }

  private static long told(String line, long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", String.valueOf(pid), "status"))) {
      return lines
          .filter(each -> each.startsWith(line))
          .mapToLong(each -> Long.parseLong(each.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // no /proc, or the process has just ended
    }
  }
}
