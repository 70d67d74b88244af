package malt.tree;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Arrays as little-endian bytes. Token ids take two bytes each where all are below 65,536, else
 * four; the first byte says which.
 */
final class Blobs {
  private Blobs() {}

  static byte[] ofInts(int[] values) {
    boolean narrow = true;
    for (int value : values) {
      narrow &= value >= 0 && value < 0x1_0000;
    }
    int width = narrow ? 2 : 4;
    ByteBuffer buffer = littleEndian(ByteBuffer.allocate(1 + width * values.length));
    buffer.put((byte) width);
    for (int value : values) {
      if (narrow) {
        buffer.putShort((short) value);
      } else {
        buffer.putInt(value);
      }
    }
    return buffer.array();
  }

  static int[] ints(byte[] bytes) {
    ByteBuffer buffer = littleEndian(ByteBuffer.wrap(bytes));
    int width = buffer.get();
    int[] values = new int[buffer.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      values[i] = width == 2 ? Short.toUnsignedInt(buffer.getShort()) : buffer.getInt();
    }
    return values;
  }

  static byte[] ofFloats(float[] values) {
    ByteBuffer buffer = littleEndian(ByteBuffer.allocate(Float.BYTES * values.length));
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    littleEndian(ByteBuffer.wrap(bytes)).asFloatBuffer().get(values);
    return values;
  }

  /** CRC-32 over a text and what belongs to it. */
  static long checksum(String text, byte[]... blobs) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    for (byte[] blob : blobs) {
      crc.update(blob);
    }
    return crc.getValue();
  }

  private static ByteBuffer littleEndian(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }
}
