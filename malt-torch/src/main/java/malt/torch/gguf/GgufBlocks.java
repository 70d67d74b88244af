package malt.torch.gguf;

import java.nio.ByteBuffer;

/** Reads blocks of ggml's layouts; the arithmetic is in 32 bits and in ggml's order. */
final class GgufBlocks {
  private static final int HALF = 16; // half of a block of 32
  private static final int PART = 32; // numbers of a block of 256 that share a scale

  private GgufBlocks() {}

  /** A number of 16 bits, IEEE 754. */
  static float half(ByteBuffer from, int at) {
    int bits = from.getShort(at);
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) { // zero and subnormal numbers, in units of 2^-24
      return Float.intBitsToFloat(Float.floatToRawIntBits(fraction * 0x1p-24f) | sign);
    }
    int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }

  /** A number of the upper half of 32 bits. */
  static float brain(ByteBuffer from, int at) {
    return Float.intBitsToFloat(from.getShort(at) << 16);
  }

  private static int unsigned(ByteBuffer from, int at) {
    return Byte.toUnsignedInt(from.get(at));
  }

  /** A scale, then 16 bytes: numbers 0 to 15 in their lower halves, the others in the upper. */
  static void q40(ByteBuffer from, int at, float[] into, int to) {
    float scale = half(from, at);
    for (int i = 0; i < HALF; i++) {
      int pair = unsigned(from, at + 2 + i);
      into[to + i] = ((pair & 15) - 8) * scale;
      into[to + HALF + i] = ((pair >> 4) - 8) * scale;
    }
  }

  /** The same with a fifth bit of each number, all in a word after the scale. */
  static void q50(ByteBuffer from, int at, float[] into, int to) {
    float scale = half(from, at);
    int fifth = from.getInt(at + 2);
    for (int i = 0; i < HALF; i++) {
      int pair = unsigned(from, at + 6 + i);
      into[to + i] = (((pair & 15) | (fifth >> i & 1) << 4) - 16) * scale;
      into[to + HALF + i] = ((pair >> 4 | (fifth >> (i + HALF) & 1) << 4) - 16) * scale;
    }
  }

  /** A scale, then a signed byte for each number. */
  static void q80(ByteBuffer from, int at, float[] into, int to) {
    float scale = half(from, at);
    for (int i = 0; i < 2 * HALF; i++) {
      into[to + i] = from.get(at + 2 + i) * scale;
    }
  }

  /** Scale and least scale of all, 6 bits of each for every part, then 4 bits a number. */
  static void q4k(ByteBuffer from, int at, float[] into, int to) {
    for (int part = 0; part < 8; part++) {
      float scale = half(from, at) * sixBits(from, at + 4, part, false);
      float least = half(from, at + 2) * sixBits(from, at + 4, part, true);
      int bytes = at + 16 + part / 2 * PART;
      int shift = part % 2 * 4;
      for (int i = 0; i < PART; i++) {
        int number = unsigned(from, bytes + i) >> shift & 15;
        into[to + part * PART + i] = scale * number - least;
      }
    }
  }

  /** The same with a fifth bit of each number: bit p of byte i for number i of part p. */
  static void q5k(ByteBuffer from, int at, float[] into, int to) {
    for (int part = 0; part < 8; part++) {
      float scale = half(from, at) * sixBits(from, at + 4, part, false);
      float least = half(from, at + 2) * sixBits(from, at + 4, part, true);
      int bytes = at + 48 + part / 2 * PART;
      int shift = part % 2 * 4;
      for (int i = 0; i < PART; i++) {
        int fifth = unsigned(from, at + 16 + i) >> part & 1;
        int number = (unsigned(from, bytes + i) >> shift & 15) | fifth << 4;
        into[to + part * PART + i] = scale * number - least;
      }
    }
  }

  /**
   * One of eight scales or least scales, in 12 bytes: of parts 0 to 3 the lower six bits of a byte;
   * of the others four bits of the last bytes, and two that the first ones have left.
   */
  private static int sixBits(ByteBuffer from, int at, int part, boolean least) {
    int offset = least ? 4 : 0;
    if (part < 4) {
      return unsigned(from, at + offset + part) & 63;
    }
    int low = unsigned(from, at + 4 + part) >> offset & 15;
    return low | unsigned(from, at + offset + part - 4) >> 6 << 4;
  }

  /**
   * 4 lower bits of each number, then 2 upper ones, then a signed scale for every 16, then the
   * scale of all; in two halves of 128.
   */
  static void q6k(ByteBuffer from, int at, float[] into, int to) {
    float all = half(from, at + 208);
    for (int i = 0; i < 256; i++) {
      int within = i % 128;
      int quarter = within / PART; // of the half
      int lower = unsigned(from, at + i / 128 * 64 + within % 64) >> (quarter / 2 * 4) & 15;
      int upper = unsigned(from, at + 128 + i / 128 * PART + i % PART) >> (quarter * 2) & 3;
      float scale = all * from.get(at + 192 + i / 16);
      into[to + i] = scale * ((lower | upper << 4) - 32);
    }
  }
}
