package malt.torch.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import malt.WeightsException;
import malt.torch.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/** Writes safetensors files; complete or absent, never half. */
public final class SafetensorsWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SafetensorsWriter() {}

  /** Writes the tensors in order of their names, each in its own type. */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    SortedMap<String, Tensor> sorted = new TreeMap<>(tensors);
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
        for (Tensor tensor : sorted.values()) {
          writeFully(channel, Tensors.bytes(tensor));
        }
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new WeightsException("cannot write %s: %s".formatted(file, e), e);
    }
  }

  private static ByteBuffer header(SortedMap<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      root.set("__metadata__", JSON.valueToTree(new TreeMap<>(metadata)));
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = offset + tensor.nbytes();
      ObjectNode node = root.putObject(entry.getKey());
      node.put("dtype", dtype(tensor));
      node.set("shape", JSON.valueToTree(Tensors.shape(tensor)));
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

  private static String dtype(Tensor tensor) {
    return switch (tensor.scalar_type().intern()) {
      case Float -> "F32";
      case Half -> "F16";
      case BFloat16 -> "BF16";
      case Long -> "I64";
      default -> throw new WeightsException("cannot store tensors of type " + tensor.scalar_type());
    };
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
