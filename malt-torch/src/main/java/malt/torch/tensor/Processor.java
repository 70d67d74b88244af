package malt.torch.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Linux tells of a processor.
 *
 * @param vendor "AuthenticAMD"; empty where it is not told
 * @param name "AMD EPYC 7763 64-Core Processor"; the architecture where it is not told
 * @param flags "avx2", "avx512_bf16", ...; none where they are not told
 */
public record Processor(String vendor, String name, Set<String> flags) {
  private static final Path FILE = Path.of("/proc/cpuinfo");
  private static final List<String> BFLOAT16 = List.of("avx512_bf16", "amx_bf16", "bf16");
  private static final List<String> TELLING =
      List.of("avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16");
  private static final Processor HERE = read();

  /** This machine's. */
  public static Processor here() {
    return HERE;
  }

  private static Processor read() {
    try {
      return of(Files.isReadable(FILE) ? Files.readAllLines(FILE) : List.of());
    } catch (IOException e) {
      return of(List.of());
    }
  }

  /** Of lines such as "flags : avx2 fma". */
  static Processor of(List<String> lines) {
    String vendor = "";
    String name = System.getProperty("os.arch");
    Set<String> flags = new TreeSet<>();
    for (String line : lines) {
      String[] parts = line.split("\\s*:\\s*", 2);
      switch (parts[0]) {
        case "vendor_id" -> vendor = parts[1];
        case "model name" -> name = parts[1].strip();
        case "flags", "Features" -> flags.addAll(Arrays.asList(parts[1].split("\\s+")));
        default -> {}
      }
    }
    return new Processor(vendor, name, flags);
  }

  /** Whether it multiplies bfloat16 itself; false where that is not told. */
  public boolean hasBfloat16() {
    return BFLOAT16.stream().anyMatch(flags::contains);
  }

  /**
   * Whether its units for bfloat16 are slower than those for 32 bits, as Intel's are where there is
   * no AMX: of a thread, 83 against 171 GFLOP/s (decision 0045).
   */
  public boolean prefersFloat32() {
    return vendor.equals("GenuineIntel")
        && flags.contains("avx512_bf16")
        && !flags.contains("amx_bf16");
  }

  /** "AMD EPYC 7763 64-Core Processor, 2 processors, avx2 fma f16c". */
  public String describe() {
    List<String> told = TELLING.stream().filter(flags::contains).toList();
    return "%s, %d processors, %s"
        .formatted(
            name,
            Runtime.getRuntime().availableProcessors(),
            told.isEmpty() ? "no vector units known" : String.join(" ", told));
  }
}
