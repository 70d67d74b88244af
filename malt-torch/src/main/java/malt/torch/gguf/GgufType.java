package malt.torch.gguf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How numbers lie in a GGUF file: blocks of some numbers in some bytes, by the layouts of ggml
 * (ggml-common.h and the dequantize_row functions of ggml-quants.c).
 */
public enum GgufType {
  F32(0, 1, 4, (from, at, into, to) -> into[to] = from.getFloat(at)),
  F16(1, 1, 2, (from, at, into, to) -> into[to] = GgufBlocks.half(from, at)),
  Q4_0(2, 32, 18, GgufBlocks::q40),
  Q5_0(6, 32, 22, GgufBlocks::q50),
  Q8_0(8, 32, 34, GgufBlocks::q80),
  Q4_K(12, 256, 144, GgufBlocks::q4k),
  Q5_K(13, 256, 176, GgufBlocks::q5k),
  Q6_K(14, 256, 210, GgufBlocks::q6k),
  BF16(30, 1, 2, (from, at, into, to) -> into[to] = GgufBlocks.brain(from, at));

  /** Names by number, as ggml has them; 4 and 5 are no longer used. */
  private static final List<String> NAMES =
      List.of(
          "F32", "F16", "Q4_0", "Q4_1", "4", "5", "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K",
          "Q4_K", "Q5_K", "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL",
          "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M", "BF16");

  private final int id;
  private final int numbers;
  private final int bytes;
  private final Block block;

  GgufType(int id, int numbers, int bytes, Block block) {
    this.id = id;
    this.numbers = numbers;
    this.bytes = bytes;
    this.block = block;
  }

  /** Reads a block. */
  @FunctionalInterface
  interface Block {
    /** From byte {@code at} of little-endian memory into an array from {@code to} on. */
    void read(ByteBuffer from, int at, float[] into, int to);
  }

  static Optional<GgufType> of(int id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }

  /** The name of a number, supported or not. */
  static String name(int id) {
    return id >= 0 && id < NAMES.size() ? NAMES.get(id) : "number " + Integer.toUnsignedString(id);
  }

  /** Those supported, for messages. */
  static String names() {
    return Arrays.stream(values()).map(GgufType::name).collect(Collectors.joining(", "));
  }

  /** Numbers of a block. */
  public int numbers() {
    return numbers;
  }

  /** Bytes of a block. */
  public int bytes() {
    return bytes;
  }

  /** Whether a block's numbers share a scale. */
  public boolean quantised() {
    return numbers > 1;
  }

  /**
   * Widens whole blocks to 32 bits.
   *
   * @param from little-endian, from its byte 0 on
   * @param count numbers, a multiple of {@link #numbers}
   */
  public void widen(ByteBuffer from, float[] into, int count) {
    for (int i = 0; i < count / numbers; i++) {
      block.read(from, i * bytes, into, i * numbers);
    }
  }
}
