package malt.torch.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import malt.AtomicFiles;
import malt.WeightsException;
import malt.torch.tensor.TensorScope;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Writes safetensors files; complete or absent, never half. */
public final class SafetensorsWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long ELEMENTS_AT_ONCE = 1 << 24;

  private SafetensorsWriter() {}

  /**
   * A tensor that is made when its turn to be written comes, so that a file may be larger than the
   * memory.
   */
  public record Planned(ScalarType type, long[] shape, Supplier<Tensor> tensor) {
    public long bytes() {
      return Arrays.stream(shape).reduce(SafetensorsHeader.bytesPerElement(type), (a, b) -> a * b);
    }
  }

  /** Writes the tensors in order of their names, each in its own type. */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    SortedMap<String, Planned> planned = new TreeMap<>();
    tensors.forEach(
        (name, tensor) ->
            planned.put(
                name, new Planned(Tensors.type(tensor), Tensors.shape(tensor), () -> tensor)));
    writePlanned(file, planned, metadata);
  }

  /** Writes tensors of these types and shapes in order of their names, one by one. */
  public static void writePlanned(
      Path file, Map<String, Planned> tensors, Map<String, String> metadata) {
    SortedMap<String, Planned> sorted = new TreeMap<>(tensors);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        writeFully(channel, header(sorted, metadata));
        for (Planned planned : sorted.values()) {
          write(channel, planned);
        }
      }
      AtomicFiles.replace(part, file);
    } catch (IOException e) {
      throw new WeightsException("cannot write %s: %s".formatted(file, e), e);
    }
  }

  private static void write(FileChannel channel, Planned planned) throws IOException {
    try (TensorScope scope = new TensorScope()) {
      Tensor flat = planned.tensor().get().detach().flatten();
      for (long from = 0; from < flat.numel(); from += ELEMENTS_AT_ONCE) {
        try (TensorScope piece = new TensorScope()) {
          long count = Math.min(ELEMENTS_AT_ONCE, flat.numel() - from);
          writeFully(channel, Tensors.bytes(flat.narrow(0, from, count)));
        }
      }
    }
  }

  private static ByteBuffer header(SortedMap<String, Planned> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      root.set("__metadata__", JSON.valueToTree(new TreeMap<>(metadata)));
    }
    long offset = 0;
    for (Map.Entry<String, Planned> entry : tensors.entrySet()) {
      Planned planned = entry.getValue();
      long end = offset + planned.bytes();
      ObjectNode node = root.putObject(entry.getKey());
      node.put("dtype", dtype(planned.type()));
      node.set("shape", JSON.valueToTree(planned.shape()));
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JSON.writeValueAsBytes(root);
    int padded = (json.length + 7) / 8 * 8; // data begins aligned to 8 bytes
    ByteBuffer buffer = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(padded).put(json);
    while (buffer.hasRemaining()) {
      buffer.put((byte) ' ');
    }
    return buffer.flip();
  }

  private static String dtype(ScalarType type) {
    return switch (type) {
      case Float -> "F32";
      case Half -> "F16";
      case BFloat16 -> "BF16";
      case Long -> "I64";
      default -> throw new WeightsException("cannot store tensors of type " + type);
    };
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
