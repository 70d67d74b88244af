package malt.bench.campaign;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Changes bytes as damage, haste and malice change them; the same by the same seed. */
final class Mutator {
  private static final int MOST_CHANGES = 6;
  private static final int LONGEST_BLOCK = 64;
  private static final int DEEP = 20_000;

  /** What parsers stumble over, each put in whole. */
  private static final List<String> WORDS =
      List.of(
          "null",
          "-1",
          "0",
          "1e999",
          "NaN",
          "-Infinity",
          "9223372036854775808",
          "1073741824",
          "18446744073709551615",
          "\"\"",
          "{}",
          "[]",
          "true",
          "\\u0000",
          "\\ud800",
          "\u0000",
          "\uFEFF",
          "\r\n",
          "\n\n",
          "{",
          "}",
          "[",
          "]",
          "\"",
          "\\",
          ":",
          ",",
          "{{",
          "}}",
          "{%",
          "%}",
          "{#",
          "<|end|>",
          "%",
          "&a",
          "*a",
          "!!",
          "---",
          "- ",
          "../",
          "#",
          "''",
          "e",
          ".",
          "-",
          "(");

  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    7,
    8,
    255,
    65_536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final SplittableRandom random;

  Mutator(long seed) {
    random = new SplittableRandom(seed);
  }

  /** One of these, changed in a few places. */
  byte[] next(List<byte[]> seeds) {
    byte[] bytes = seeds.get(random.nextInt(seeds.size()));
    int changes = random.nextBoolean() ? 1 : 1 + random.nextInt(MOST_CHANGES);
    for (int i = 0; i < changes; i++) {
      bytes = changed(bytes, seeds);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes, List<byte[]> seeds) {
    int at = random.nextInt(bytes.length + 1);
    int block = Math.min(bytes.length - at, 1 + random.nextInt(LONGEST_BLOCK));
    return switch (random.nextInt(12)) {
      case 0, 1 -> flipped(bytes);
      case 2 -> replaced(bytes, at, block, new byte[0]);
      case 3 -> replaced(bytes, at, 0, slice(bytes, at, block));
      case 4 -> replaced(bytes, at, bytes.length - at, new byte[0]);
      case 5, 6, 7 -> replaced(bytes, at, random.nextInt(2) * block, word());
      case 8 -> number(bytes);
      case 9 -> {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int from = random.nextInt(other.length + 1);
        yield replaced(bytes, at, block, slice(other, from, random.nextInt(other.length + 1)));
      }
      case 10 -> {
        byte[] some = slice(bytes, at, block);
        int to = random.nextInt(bytes.length + 1);
        yield replaced(bytes, to, Math.min(some.length, bytes.length - to), some);
      }
      default -> random.nextInt(8) > 0 ? flipped(bytes) : deep(bytes, at);
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] copy = bytes.clone();
    if (copy.length > 0) {
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  private byte[] word() {
    return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
  }

  /** The same word so often that recursion would end in the stack's overflow. */
  private byte[] deep(byte[] bytes, int at) {
    String word = WORDS.get(random.nextInt(WORDS.size()));
    return replaced(bytes, at, 0, word.repeat(DEEP).getBytes(StandardCharsets.UTF_8));
  }

  /** As a header's length or a count would be changed. */
  private byte[] number(byte[] bytes) {
    int width = 1 << random.nextInt(4);
    if (bytes.length < width) {
      return bytes;
    }
    long value = NUMBERS[random.nextInt(NUMBERS.length)];
    ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    byte[] copy = bytes.clone();
    int at = random.nextInt(copy.length - width + 1);
    int first = random.nextBoolean() ? 0 : at; // a count often stands at the beginning
    System.arraycopy(buffer.array(), 0, copy, first, width);
    return copy;
  }

  private static byte[] slice(byte[] bytes, int from, int length) {
    byte[] slice = new byte[Math.min(length, bytes.length - from)];
    System.arraycopy(bytes, from, slice, 0, slice.length);
    return slice;
  }

  private static byte[] replaced(byte[] bytes, int at, int length, byte[] by) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + by.length);
    out.write(bytes, 0, at);
    out.writeBytes(by);
    out.write(bytes, at + length, bytes.length - at - length);
    return out.toByteArray();
  }
}
