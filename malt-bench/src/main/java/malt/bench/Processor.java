package malt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What Linux tells of this machine's processor; a figure means little without it. */
public final class Processor {
  private static final Path FILE = Path.of("/proc/cpuinfo");
  private static final List<String> TELLING =
      List.of("avx2", "fma", "f16c", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16");

  private Processor() {}

  /** "AMD EPYC 7763, 2 processors, avx2 f16c fma". */
  public static String describe() throws IOException {
    String name = System.getProperty("os.arch");
    Set<String> flags = new TreeSet<>();
    if (Files.isReadable(FILE)) {
      for (String line : Files.readAllLines(FILE)) {
        String[] keyAndValue = line.split(":", 2);
        if (keyAndValue[0].startsWith("model name")) {
          name = keyAndValue[1].strip();
        } else if (keyAndValue[0].startsWith("flags")) {
          flags.addAll(Arrays.asList(keyAndValue[1].split(" ", -1)));
        }
      }
    }
    List<String> told = new ArrayList<>(TELLING);
    told.retainAll(flags);
    return "%s, %d processors, %s"
        .formatted(
            name,
            Runtime.getRuntime().availableProcessors(),
            told.isEmpty() ? "no vector units known" : String.join(" ", told));
  }
}
