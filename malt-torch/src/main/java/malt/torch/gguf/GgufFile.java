package malt.torch.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.WeightsException;

/**
 * What a GGUF file says before its data (ggml's docs/gguf.md, versions 2 and 3).
 *
 * @param metadata Long, Double, Boolean or String by key, or a list of one of them
 * @param tensors by their names in the file
 */
record GgufFile(Path path, Map<String, Object> metadata, Map<String, Tensor> tensors) {
  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final long ALIGNMENT = 32; // where the file states none
  private static final int MOST_DIMENSIONS = 4;

  /**
   * A tensor of the file.
   *
   * @param shape rows first, so that the last dimension lies in one piece
   * @param begin offset of its first byte in the file
   * @param end one more than that of its last
   */
  record Tensor(GgufType type, long[] shape, long begin, long end) {}

  private record Described(String name, GgufType type, long[] shape, long bytes, long offset) {}

  /**
   * @throws WeightsException naming the tensor or key, and where it stands, if the file is damaged
   *     or holds a type of numbers that is not supported
   */
  static GgufFile read(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer front =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(size, Integer.MAX_VALUE));
      GgufCursor cursor = new GgufCursor(path, front.order(ByteOrder.LITTLE_ENDIAN));
      return read(path, cursor, size);
    } catch (NoSuchFileException e) {
      throw new WeightsException(path + " is missing", e);
    } catch (IOException e) {
      throw new WeightsException("cannot read %s: %s".formatted(path, e), e);
    }
  }

  private static GgufFile read(Path path, GgufCursor cursor, long size) {
    if (cursor.word("the file's mark") != MAGIC) {
      throw cursor.damaged("it does not begin with GGUF");
    }
    int version = cursor.word("the version");
    if (version != 2 && version != 3) {
      throw cursor.damaged(
          Integer.reverseBytes(version) <= 3
              ? "it is big-endian; convert it to little-endian"
              : "its version is %d; 2 and 3 are supported".formatted(version));
    }
    int tensors = cursor.count(24, "tensors");
    int keys = cursor.count(13, "keys of metadata");
    Map<String, Object> metadata = new LinkedHashMap<>();
    for (int i = 0; i < keys; i++) {
      String key = cursor.name("a key of metadata");
      if (metadata.put(key, cursor.value(key)) != null) {
        throw cursor.damaged("it has the metadata %s twice".formatted(key));
      }
    }
    List<Described> described = new ArrayList<>();
    for (int i = 0; i < tensors; i++) {
      described.add(described(cursor));
    }
    long alignment = alignment(cursor, metadata);
    long data = (cursor.position() + alignment - 1) / alignment * alignment;
    return new GgufFile(path, metadata, placed(cursor, described, data, alignment, size));
  }

  private static long alignment(GgufCursor cursor, Map<String, Object> metadata) {
    Object alignment = metadata.getOrDefault("general.alignment", ALIGNMENT);
    if (!(alignment instanceof Long number) || number < 8 || Long.bitCount(number) != 1) {
      throw cursor.damaged("general.alignment is %s, not a power of two".formatted(alignment));
    }
    return number;
  }

  private static Described described(GgufCursor cursor) {
    String name = cursor.name("a tensor's name");
    int dimensions = cursor.word("the dimensions of tensor " + name);
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw cursor.damaged("tensor %s has %d dimensions".formatted(name, dimensions));
    }
    long[] shape = new long[dimensions];
    for (int i = dimensions - 1; i >= 0; i--) { // the file names the innermost first
      shape[i] = cursor.longWord("the shape of tensor " + name);
    }
    int id = cursor.word("the type of tensor " + name);
    long offset = cursor.longWord("the offset of tensor " + name);
    GgufType type =
        GgufType.of(id)
            .orElseThrow(
                () ->
                    cursor.damaged(
                        "tensor %s (before byte %d) is of type %s, which is not supported; supported: %s. Ask its publisher for one of those files, or make one with llama-quantize"
                            .formatted(
                                name, cursor.position(), GgufType.name(id), GgufType.names())));
    return new Described(name, type, shape, bytes(cursor, name, type, shape), offset);
  }

  private static long bytes(GgufCursor cursor, String name, GgufType type, long[] shape) {
    long rows = 1;
    long columns = shape[shape.length - 1];
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 1 || shape[i] > Integer.MAX_VALUE || rows > (1L << 40) / shape[i]) {
        throw cursor.damaged(
            "tensor %s has the shape %s".formatted(name, java.util.Arrays.toString(shape)));
      }
      rows *= i == shape.length - 1 ? 1 : shape[i];
    }
    if (columns % type.numbers() != 0) {
      throw cursor.damaged(
          "tensor %s has rows of %d numbers, which are no whole blocks of %d (%s)"
              .formatted(name, columns, type.numbers(), type));
    }
    return rows * (columns / type.numbers()) * type.bytes();
  }

  /** Within the file, aligned, and each in bytes of its own. */
  private static Map<String, Tensor> placed(
      GgufCursor cursor, List<Described> described, long data, long alignment, long size) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<Described> byOffset = new ArrayList<>(described);
    byOffset.sort(Comparator.comparingLong(Described::offset));
    long free = 0;
    for (Described each : byOffset) {
      if (each.offset < free || each.offset % alignment != 0) {
        throw cursor.damaged(
            "tensor %s begins at byte %d of the data, %s"
                .formatted(
                    each.name,
                    each.offset,
                    each.offset < free
                        ? "within another or before the data"
                        : "which is no multiple of " + alignment));
      }
      if (each.offset > size - data - each.bytes) {
        throw cursor.damaged(
            "tensor %s needs %d bytes from byte %d of the data on, but the file ends after %d; the download may be incomplete"
                .formatted(each.name, each.bytes, each.offset, Math.max(0, size - data)));
      }
      free = each.offset + each.bytes;
    }
    for (Described each : described) {
      long begin = data + each.offset;
      Tensor tensor = new Tensor(each.type, each.shape, begin, begin + each.bytes);
      if (tensors.put(each.name, tensor) != null) {
        throw cursor.damaged("it has the tensor %s twice".formatted(each.name));
      }
    }
    return tensors;
  }
}
