package malt.torch.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
    try {
      return Files.isReadable(PROCESSOR)
          && Files.readAllLines(PROCESSOR).stream()
              .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
              .anyMatch(line -> Arrays.stream(line.split("\\s+")).anyMatch(UNITS::contains));
    } catch (IOException e) {
      return false;
    }
  }
}
