package malt.torch.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import malt.WeightsException;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The header of a safetensors file: 8 bytes little-endian length, then JSON, then the data. */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata)
    implements TensorFile {
  private static final long LARGEST_HEADER = 100_000_000;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  @Override
  public SafetensorsHeader without(Collection<String> names) {
    Map<String, Entry> others = new LinkedHashMap<>(tensors);
    others.keySet().removeAll(names);
    return new SafetensorsHeader(others, metadata);
  }

  /** A copy of the bytes where they are not aligned to their type. */
  @Override
  public Tensor read(Tensor bytes, String name) {
    Entry entry = Objects.requireNonNull(tensors.get(name));
    Tensor own = bytes.narrow(0, entry.begin(), entry.end() - entry.begin());
    boolean aligned = entry.begin() % bytesPerElement(entry.type()) == 0;
    return (aligned ? own : own.clone()).view(entry.type()).view(entry.shape());
  }

  static SafetensorsHeader read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(file, channel);
    } catch (NoSuchFileException e) {
      throw new WeightsException(file + " is missing", e);
    } catch (IOException e) {
      throw new WeightsException("cannot read %s: %s".formatted(file, e), e);
    }
  }

  private static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, prefix, 0);
    if (prefix.position() < 8) {
      throw damaged(file, "%d bytes are too few for a header".formatted(size));
    }
    long length = prefix.getLong(0);
    if (length < 2 || length > LARGEST_HEADER || length > size - 8) {
      throw damaged(
          file, "states a header of %d bytes in a file of %d bytes".formatted(length, size));
    }
    ByteBuffer json = ByteBuffer.allocate((int) length);
    readFully(channel, json, 8);
    long dataSize = size - 8 - length;
    JsonNode root;
    try {
      root = JSON.readTree(new String(json.array(), StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw damaged(file, "its header is not JSON: " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw damaged(file, "its header is not a JSON object");
    }
    Map<String, Entry> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals("__metadata__")) {
        field.getValue().properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
      } else {
        tensors.put(field.getKey(), entry(file, field.getKey(), field.getValue()));
      }
    }
    checkLayout(file, tensors, dataSize);
    tensors.replaceAll((name, entry) -> placed(entry, 8 + length));
    return new SafetensorsHeader(tensors, metadata);
  }

  private static Entry entry(Path file, String name, JsonNode json) {
    JsonNode offsets = json.path("data_offsets");
    JsonNode dimensions = json.path("shape");
    if (!offsets.isArray() || offsets.size() != 2 || !dimensions.isArray()) {
      throw damaged(file, "tensor %s has no shape or data_offsets".formatted(name));
    }
    ScalarType type =
        switch (json.path("dtype").asText()) {
          case "F32" -> ScalarType.Float;
          case "F16" -> ScalarType.Half;
          case "BF16" -> ScalarType.BFloat16;
          case "I64" -> ScalarType.Long;
          default ->
              throw damaged(
                  file,
                  "tensor %s has dtype %s; supported: F32, F16, BF16, I64"
                      .formatted(name, json.path("dtype")));
        };
    long bytes = bytesPerElement(type);
    long[] shape = new long[dimensions.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = dimensions.get(i).asLong(-1);
      if (shape[i] < 0 || (shape[i] > 0 && bytes > Long.MAX_VALUE / shape[i])) {
        throw damaged(file, "tensor %s has shape %s".formatted(name, dimensions));
      }
      bytes *= shape[i];
    }
    long begin = offsets.get(0).asLong(-1);
    long end = offsets.get(1).asLong(-1);
    if (begin < 0 || end < begin || end - begin != bytes) {
      throw damaged(
          file,
          "tensor %s of shape %s needs %d bytes but has offsets %s"
              .formatted(name, dimensions, bytes, offsets));
    }
    return new Entry(type, shape, begin, end);
  }

  /** The entry counted from the file's beginning instead of that of its data. */
  private static Entry placed(Entry entry, long data) {
    return new Entry(entry.type(), entry.shape(), data + entry.begin(), data + entry.end());
  }

  /** The data must be covered without holes or overlaps, and be all there. */
  private static void checkLayout(Path file, Map<String, Entry> tensors, long dataSize) {
    List<Map.Entry<String, Entry>> byOffset = new ArrayList<>(tensors.entrySet());
    byOffset.sort(Comparator.comparingLong(e -> e.getValue().begin()));
    long end = 0;
    for (Map.Entry<String, Entry> entry : byOffset) {
      if (entry.getValue().begin() != end) {
        throw damaged(
            file,
            "tensor %s begins at byte %d where %d was expected (overlap or hole)"
                .formatted(entry.getKey(), entry.getValue().begin(), end));
      }
      end = entry.getValue().end();
    }
    if (end != dataSize) {
      throw damaged(
          file, "its tensors need %d bytes of data but %d are there".formatted(end, dataSize));
    }
  }

  static long bytesPerElement(ScalarType type) {
    return switch (type) {
      case Long -> 8;
      case Float -> 4;
      case Half, BFloat16 -> 2;
      default -> throw new IllegalArgumentException("no safetensors type " + type);
    };
  }

  static WeightsException damaged(Path file, String what) {
    return new WeightsException(file + " is not a sound safetensors file: " + what);
  }

  private static void readFully(FileChannel channel, ByteBuffer buffer, long position)
      throws IOException {
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, position + buffer.position());
      if (read < 0) {
        return;
      }
    }
  }
}
