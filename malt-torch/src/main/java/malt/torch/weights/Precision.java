package malt.torch.weights;

import java.util.Locale;
import malt.model.Dtype;
import malt.torch.tensor.Device;
import malt.torch.tensor.Processor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** What a {@link Dtype} comes to for one checkpoint on one device. Norms and biases compute. */
public enum Precision {
  FLOAT32(ScalarType.Float),
  BFLOAT16(ScalarType.BFloat16),
  MIXED(ScalarType.Float);

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
      case CPU -> Processor.here().hasBfloat16();
      case CUDA -> true;
      case MPS -> false;
    };
  }
}
