package malt.torch.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import malt.AtomicFiles;
import malt.WeightsException;
import malt.torch.weights.SafetensorsWriter.Planned;

/** Writes a model's weights as Hugging Face does: one file, or shards and their index. */
public final class CheckpointWriter {
  /** Where Hugging Face begins the next file. */
  public static final long SHARD_BYTES = 5_000_000_000L;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private CheckpointWriter() {}

  /** Told of each file when it is complete. */
  @FunctionalInterface
  public interface Listener {
    void wrote(Path file, long bytesSoFar, long bytes);
  }

  /**
   * @param tensors in the order in which they fill the shards
   * @param shardBytes most bytes of tensors in one file, unless one tensor alone has more
   */
  public static void write(
      Path directory, Map<String, Planned> tensors, long shardBytes, Listener listener) {
    List<Map<String, Planned>> shards = shards(tensors, shardBytes);
    long all = tensors.values().stream().mapToLong(Planned::bytes).sum();
    long done = 0;
    ObjectNode index = JSON.createObjectNode();
    index.putObject("metadata").put("total_size", all);
    ObjectNode map = index.putObject("weight_map");
    for (int i = 0; i < shards.size(); i++) {
      String name =
          shards.size() == 1
              ? Checkpoint.FILE
              : "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      Path file = directory.resolve(name);
      SafetensorsWriter.writePlanned(file, shards.get(i), METADATA);
      shards.get(i).keySet().forEach(tensor -> map.put(tensor, name));
      done += shards.get(i).values().stream().mapToLong(Planned::bytes).sum();
      listener.wrote(file, done, all);
    }
    if (shards.size() > 1) { // last: without it there is no checkpoint
      AtomicFiles.write(directory.resolve(Checkpoint.INDEX), text(index));
    }
  }

  private static List<Map<String, Planned>> shards(Map<String, Planned> tensors, long most) {
    List<Map<String, Planned>> shards = new ArrayList<>();
    Map<String, Planned> open = new TreeMap<>();
    long bytes = 0;
    for (Map.Entry<String, Planned> entry : tensors.entrySet()) {
      long more = entry.getValue().bytes();
      if (!open.isEmpty() && bytes + more > most) {
        shards.add(open);
        open = new TreeMap<>();
        bytes = 0;
      }
      open.put(entry.getKey(), entry.getValue());
      bytes += more;
    }
    shards.add(open);
    return shards;
  }

  private static String text(ObjectNode json) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new WeightsException("cannot write the index of shards", e);
    }
  }
}
