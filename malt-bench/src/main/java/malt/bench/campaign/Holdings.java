package malt.bench.campaign;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import malt.bench.PeakMemory;
import malt.torch.tensor.TensorScope;

/**
 * What this process holds at some moment.
 *
 * @param heap bytes in use after a collection
 * @param resident bytes of all memory, LibTorch's too; 0 where there is no /proc
 * @param natives tensors and other objects of LibTorch
 * @param threads of Java
 * @param handles of files and connections; 0 where there is no /proc
 */
record Holdings(long heap, long resident, long natives, long threads, long handles) {
  private static final Path OPEN = Path.of("/proc/self/fd");

  static Holdings now() throws IOException {
    System.gc();
    return new Holdings(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        PeakMemory.residentOfThisProcess(),
        TensorScope.liveObjects(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        open());
  }

  private static long open() throws IOException {
    if (!Files.isDirectory(OPEN)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(OPEN)) {
      return all.count();
    }
  }

  /** Of each kind the middle one of these. */
  static Holdings median(List<Holdings> all) {
    return new Holdings(
        median(all, Holdings::heap),
        median(all, Holdings::resident),
        median(all, Holdings::natives),
        median(all, Holdings::threads),
        median(all, Holdings::handles));
  }

  private static long median(List<Holdings> all, ToLongFunction<Holdings> kind) {
    return all.stream().mapToLong(kind).sorted().toArray()[all.size() / 2];
  }

  /** What there is more of than there was. */
  Holdings since(Holdings before) {
    return new Holdings(
        heap - before.heap,
        resident - before.resident,
        natives - before.natives,
        threads - before.threads,
        handles - before.handles);
  }

  /** Whether no kind is above its bound. */
  boolean within(Holdings bounds) {
    return heap <= bounds.heap
        && resident <= bounds.resident
        && natives <= bounds.natives
        && threads <= bounds.threads
        && handles <= bounds.handles;
  }

  @Override
  public String toString() {
    return "heap %.1f MB, resident %.1f MB, %d native objects, %d threads, %d handles"
        .formatted(heap / 1e6, resident / 1e6, natives, threads, handles);
  }
}
