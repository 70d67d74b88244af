package malt.model;

import java.util.Locale;

/** In which type a local model computes, and holds its matrices; as a configuration names it. */
public enum Dtype {
  /** BFLOAT16 for a 16-bit checkpoint where the processor computes in it, FLOAT32 otherwise. */
  AUTO,
  /** All in 32 bits; a 16-bit checkpoint is widened when it is loaded, to twice its size. */
  FLOAT32,
  /** All in bfloat16, as on accelerators; slow where the processor has no units for it. */
  BFLOAT16,
  /**
   * Matrices stay in the type of the file, mapped from it; each is widened for the moment of its
   * use, and arithmetic is 32 bits: as exact as FLOAT32 in the memory of the file.
   */
  MIXED;

  /** As a configuration names it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
