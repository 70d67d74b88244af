package malt.torch.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import malt.WeightsException;
import malt.torch.gguf.GgufModel;
import malt.torch.tensor.Tensors;

/**
 * The weight files of a model, of which only headers were read: in a directory of Hugging Face's
 * layout model.safetensors, or the shards that model.safetensors.index.json names; else a GGUF
 * file.
 */
public final class Checkpoint {
  public static final String FILE = "model.safetensors";
  public static final String INDEX = "model.safetensors.index.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private static final int SHOWN = 5; // of what is wrong

  private final Path directory;
  private final Map<Path, ? extends TensorFile> files;
  private final List<String> derived;

  private Checkpoint(Path directory, Map<Path, ? extends TensorFile> files, List<String> derived) {
    this.directory = directory;
    this.files = files;
    this.derived = derived;
  }

  /**
   * Reads the headers, and holds them to the index.
   *
   * @throws WeightsException if a file is missing or damaged, or the index and the shards disagree
   */
  public static Checkpoint of(Path directory) {
    Path single = directory.resolve(FILE);
    if (Files.isRegularFile(single)) {
      return new Checkpoint(directory, Map.of(single, SafetensorsHeader.read(single)), List.of());
    }
    Optional<GgufModel> gguf = GgufModel.find(directory);
    if (gguf.isPresent()) {
      return new Checkpoint(
          directory, Map.of(gguf.get().path(), GgufTensors.of(gguf.get())), List.of());
    }
    Path index = directory.resolve(INDEX);
    if (!Files.isRegularFile(index)) {
      throw new WeightsException(
          "%s holds neither %s nor %s nor a .gguf file; weights in another format must be converted to safetensors"
              .formatted(directory, FILE, INDEX));
    }
    Map<Path, SafetensorsHeader> shards = new LinkedHashMap<>();
    Map<String, Path> fileOf = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : weightMap(index).properties()) {
      Path shard = shard(index, entry.getValue());
      shards.computeIfAbsent(shard, SafetensorsHeader::read);
      fileOf.put(entry.getKey(), shard);
    }
    requireSame(index, fileOf, shards);
    return new Checkpoint(directory, shards, List.of());
  }

  /**
   * The same without the tensors that follow from the others, see {@link #remark}: the copy of the
   * embedding that is the head of a tied model, and buffers of inverse frequencies.
   *
   * @throws WeightsException if one that should follow does not
   */
  public Checkpoint of(ModelConfig config) {
    List<String> names = new DerivedTensors(files).names(config);
    Map<Path, TensorFile> own = new LinkedHashMap<>();
    files.forEach((file, header) -> own.put(file, header.without(names)));
    return new Checkpoint(directory, own, names);
  }

  /** Which tensors were read past and why, in a sentence; empty where there was none. */
  public Optional<String> remark() {
    return derived.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s %s from the others and %s read past"
                .formatted(
                    derived.size() == 1
                        ? derived.get(0)
                        : "%s and %d more tensors".formatted(derived.get(0), derived.size() - 1),
                    derived.size() == 1 ? "follows" : "follow",
                    derived.size() == 1 ? "is" : "are"));
  }

  private static JsonNode weightMap(Path index) {
    try {
      JsonNode map = JSON.readTree(index.toFile()).path("weight_map");
      if (!map.isObject() || map.isEmpty()) {
        throw new WeightsException(index + " has no object weight_map");
      }
      return map;
    } catch (JsonProcessingException e) {
      throw new WeightsException("%s is not JSON: %s".formatted(index, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new WeightsException("cannot read %s: %s".formatted(index, e), e);
    }
  }

  /** A shard lies beside its index; an index that points elsewhere is not followed. */
  private static Path shard(Path index, JsonNode name) {
    if (!name.isTextual() || !name.asText().matches("[\\w.-]+\\.safetensors")) {
      throw new WeightsException("%s: %s is no name of a shard".formatted(index, name));
    }
    return index.resolveSibling(name.asText());
  }

  private static void requireSame(
      Path index, Map<String, Path> fileOf, Map<Path, SafetensorsHeader> shards) {
    fileOf.forEach(
        (tensor, shard) -> {
          SafetensorsHeader header = shards.get(shard);
          if (header != null && !header.tensors().containsKey(tensor)) {
            throw new WeightsException(
                "%s places tensor %s in %s, which does not have it"
                    .formatted(index, tensor, shard.getFileName()));
          }
        });
    shards.forEach(
        (shard, header) -> {
          for (String tensor : header.tensors().keySet()) {
            if (!shard.equals(fileOf.get(tensor))) {
              throw new WeightsException(
                  "%s has tensor %s, which %s does not place there"
                      .formatted(shard, tensor, index.getFileName()));
            }
          }
        });
  }

  /**
   * Opens the tensors, mapped where the precision holds them in the file's own type.
   *
   * @param place where they are to lie
   */
  public Weights weights(Precision precision, Tensors place) {
    return Weights.open(directory.toString(), files, precision::held, place);
  }

  /** Opens the tensors as they are stored, mapped into main memory. */
  public Weights stored() {
    return Weights.open(directory.toString(), files, (stored, dimensions) -> stored, Tensors.MAIN);
  }

  /**
   * Holds names and shapes to those of a configuration, without reading a weight.
   *
   * @throws WeightsException if a tensor is missing, left over or of another shape
   */
  public void requireShapesOf(ModelConfig config) {
    Map<String, long[]> wanted = TensorShapes.of(config);
    Map<String, long[]> found = new TreeMap<>();
    files
        .values()
        .forEach(header -> header.tensors().forEach((name, e) -> found.put(name, e.shape())));
    List<String> wrong = new ArrayList<>();
    wanted.forEach(
        (name, shape) -> {
          long[] there = found.remove(name);
          if (there == null) {
            wrong.add("no tensor " + name);
          } else if (!Arrays.equals(there, shape)) {
            wrong.add(
                "tensor %s of shape %s where %s was expected"
                    .formatted(name, Arrays.toString(there), Arrays.toString(shape)));
          }
        });
    found.keySet().forEach(name -> wrong.add("tensor %s, of no use here".formatted(name)));
    if (!wrong.isEmpty()) {
      throw new WeightsException(
          "%s has %s%s"
              .formatted(
                  directory,
                  String.join("; ", wrong.subList(0, Math.min(SHOWN, wrong.size()))),
                  wrong.size() > SHOWN ? "; and %d more".formatted(wrong.size() - SHOWN) : ""));
    }
  }

  public int files() {
    return files.size();
  }

  /** The type of most numbers. */
  public StoredType type() {
    return StoredType.of(
        entries()
            .collect(
                Collectors.groupingBy(
                    TensorFile.Entry::type,
                    TreeMap::new,
                    Collectors.summingLong(TensorFile.Entry::elements)))
            .entrySet()
            .stream()
            .max(Map.Entry.comparingByValue())
            .orElseThrow(() -> new WeightsException(directory + " holds no tensor"))
            .getKey());
  }

  /** Numbers in all tensors. */
  public long parameters() {
    return entries().mapToLong(TensorFile.Entry::elements).sum();
  }

  /** Bytes of all tensors as stored. */
  public long bytes() {
    return entries().mapToLong(entry -> entry.end() - entry.begin()).sum();
  }

  private Stream<TensorFile.Entry> entries() {
    return files.values().stream().flatMap(header -> header.tensors().values().stream());
  }
}
