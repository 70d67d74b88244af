package malt.torch.weights;

import java.util.Arrays;
import java.util.Locale;
import malt.WeightsException;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The type of weights in a file. */
public enum StoredType {
  FLOAT32(ScalarType.Float),
  FLOAT16(ScalarType.Half),
  BFLOAT16(ScalarType.BFloat16);

  private final ScalarType type;

  StoredType(ScalarType type) {
    this.type = type;
  }

  static StoredType of(ScalarType type) {
    return Arrays.stream(values())
        .filter(each -> each.type == type)
        .findFirst()
        .orElseThrow(() -> new WeightsException("no type of weights: " + type));
  }

  /** Bytes of a number. */
  public int bytes() {
    return this == FLOAT32 ? 4 : 2;
  }

  public ScalarType type() {
    return type;
  }

  /** As config.json names it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
