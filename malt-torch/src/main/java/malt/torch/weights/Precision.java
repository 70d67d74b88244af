package malt.torch.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import malt.model.Dtype;
import malt.torch.tensor.Device;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What a {@link Dtype} comes to for one checkpoint on one device. Norms and biases compute. */
public enum Precision {
  FLOAT32(ScalarType.Float),
  BFLOAT16(ScalarType.BFloat16),
  MIXED(ScalarType.Float);

  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
  private static final List<String> UNITS = List.of("avx512_bf16", "amx_bf16", "bf16");
  private static final boolean PREFERS_FLOAT32 = processor(Precision::prefersFloat32);

  private final ScalarType computing;

  Precision(ScalarType computing) {
    this.computing = computing;
  }

  /**
   * @param stored type of the checkpoint's matrices
   */
  public static Precision of(Dtype dtype, StoredType stored, Device device) {
    return switch (dtype) {
      case FLOAT32 -> FLOAT32;
      case BFLOAT16 -> BFLOAT16;
      case MIXED -> MIXED;
      case AUTO -> stored != StoredType.FLOAT32 && hasBfloat16(device) ? BFLOAT16 : FLOAT32;
    };
  }

  /** As a configuration names it. */
  public String setting() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type of activations. */
  public ScalarType computing() {
    return computing;
  }

  /** The type in which a tensor is held. */
  public ScalarType held(ScalarType stored, int dimensions) {
    return this == MIXED && dimensions > 1 ? stored : computing;
  }

  /** Apple's do from some version of the system on, and are not asked. */
  private static boolean hasBfloat16(Device device) {
    return switch (device.kind()) {
      case CPU -> processorHasBfloat16();
      case CUDA -> true;
      case MPS -> false;
    };
  }

  /** Whether the processor multiplies bfloat16 itself; false where that cannot be told. */
  public static boolean processorHasBfloat16() {
    return processor(lines -> flags(lines).anyMatch(UNITS::contains));
  }

  /**
   * Whether the processor's units for bfloat16 are slower than those for 32 bits, as Intel's are
   * where there is no AMX: of a thread, 83 against 171 GFLOP/s (decision 0045).
   */
  public static boolean processorPrefersFloat32() {
    return PREFERS_FLOAT32;
  }

  /** The same of a description of a processor, as Linux gives it. */
  static boolean prefersFloat32(List<String> description) {
    return description.stream().anyMatch(line -> line.matches("vendor_id\\s*:\\s*GenuineIntel"))
        && flags(description).anyMatch("avx512_bf16"::equals)
        && flags(description).noneMatch("amx_bf16"::equals);
  }

  private static Stream<String> flags(List<String> description) {
    return description.stream()
        .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
        .flatMap(line -> Arrays.stream(line.split("\\s+")));
  }

  private static boolean processor(Predicate<List<String>> is) {
    try {
      return Files.isReadable(PROCESSOR) && is.test(Files.readAllLines(PROCESSOR));
    } catch (IOException e) {
      return false;
    }
  }
}
