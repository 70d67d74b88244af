package malt.torch.gguf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import malt.WeightsException;

/**
 * Reads the header of a GGUF file from the front. Each length and count is held to what is left of
 * the file before anything is made of it.
 */
final class GgufCursor {
  private static final int LONGEST_NAME = 1 << 16; // bytes of a key or a tensor's name
  private static final int ARRAY = 9;

  private final Path file;
  private final ByteBuffer bytes; // little-endian

  GgufCursor(Path file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  /** Offset of the next byte. */
  int position() {
    return bytes.position();
  }

  WeightsException damaged(String what) {
    return new WeightsException(file + " is not a sound GGUF file: " + what);
  }

  private void require(long count, String of) {
    if (count < 0 || count > bytes.remaining()) {
      throw damaged(
          "%s at byte %d needs %s bytes, but %d are left; the download may be incomplete"
              .formatted(of, position(), Long.toUnsignedString(count), bytes.remaining()));
    }
  }

  int word(String of) {
    require(Integer.BYTES, of);
    return bytes.getInt();
  }

  long longWord(String of) {
    require(Long.BYTES, of);
    return bytes.getLong();
  }

  /**
   * A number of things that take at least {@code least} bytes each.
   *
   * @throws WeightsException if so many do not fit into what is left
   */
  int count(long least, String of) {
    long count = longWord("the number of " + of);
    if (count < 0 || count > bytes.remaining() / least) {
      throw damaged(
          "%s %s at byte %d do not fit into the %d bytes that are left"
              .formatted(Long.toUnsignedString(count), of, position(), bytes.remaining()));
    }
    return (int) count;
  }

  String name(String of) {
    String name = text(of);
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw damaged("%s before byte %d is empty or too long".formatted(of, position()));
    }
    return name;
  }

  private String text(String of) {
    long length = longWord("the length of " + of);
    require(length, of);
    byte[] text = new byte[(int) length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** A value of metadata: a Long, Double, Boolean or String, or a list of one of them. */
  Object value(String key) {
    int type = word("the type of " + key);
    return type == ARRAY ? array(key) : value(key, type);
  }

  private List<Object> array(String key) {
    int type = word("the type of the elements of " + key);
    int count = count(size(key, type), "elements of " + key);
    List<Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(value(key, type));
    }
    return values;
  }

  /** The fewest bytes that a value of that type takes. */
  private int size(String key, int type) {
    return switch (type) {
      case 0, 1, 7 -> 1;
      case 2, 3 -> 2;
      case 4, 5, 6 -> 4;
      case 8, 10, 11, 12 -> 8;
      default ->
          throw damaged(
              "the metadata %s before byte %d is of an unknown type, %d"
                  .formatted(key, position(), type));
    };
  }

  private Object value(String key, int type) {
    require(size(key, type), key);
    return switch (type) {
      case 0 -> (long) Byte.toUnsignedInt(bytes.get());
      case 1 -> (long) bytes.get();
      case 2 -> (long) Short.toUnsignedInt(bytes.getShort());
      case 3 -> (long) bytes.getShort();
      case 4 -> Integer.toUnsignedLong(bytes.getInt());
      case 5 -> (long) bytes.getInt();
      case 6 -> Double.parseDouble(Float.toString(bytes.getFloat())); // 1e-6 stays 1e-6
      case 7 -> bytes.get() != 0;
      case 8 -> text(key);
      case 12 -> bytes.getDouble();
      default -> bytes.getLong(); // 10 and 11
    };
  }
}
