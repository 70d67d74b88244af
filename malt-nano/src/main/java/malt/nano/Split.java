package malt.nano;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/** A part of all problems; which one a problem belongs to hangs on its numbers alone. */
public enum Split {
  TEST(0, 5),
  DEV(6, 8),
  TRAIN(9, 20),
  PRETRAINING(21, 99);

  private final int first;
  private final int last;

  Split(int first, int last) {
    this.first = first;
    this.last = last;
  }

  /** The split of a signature: its CRC-32 modulo 100. */
  static Split of(String signature) {
    CRC32 checksum = new CRC32();
    checksum.update(signature.getBytes(StandardCharsets.UTF_8));
    int bucket = (int) (checksum.getValue() % 100);
    for (Split split : values()) {
      if (bucket >= split.first && bucket <= split.last) {
        return split;
      }
    }
    throw new IllegalStateException("no split holds bucket " + bucket);
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
