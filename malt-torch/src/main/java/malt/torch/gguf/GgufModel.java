package malt.torch.gguf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import malt.WeightsException;

/** A GGUF file in Hugging Face's terms: tensors by their names there, and the files beside them. */
public final class GgufModel {
  private static final String SUFFIX = ".gguf";
  private static final List<String> SAFETENSORS =
      List.of("model.safetensors", "model.safetensors.index.json");

  private final GgufFile file;
  private final GgufMetadata metadata;

  private GgufModel(GgufFile file) {
    this.file = file;
    metadata = new GgufMetadata(file);
  }

  /**
   * A tensor as it lies in the file, and what was done to it when the file was made.
   *
   * @param shape as Hugging Face has it
   * @param begin offset of its first byte in the file
   * @param end one more than that of its last
   * @param shift what was added to each number: 1 to Gemma's norms
   * @param heads whose rows were put in the order of interleaved pairs (Llama); 0 for none
   */
  public record Tensor(GgufType type, long[] shape, long begin, long end, float shift, int heads) {}

  /**
   * The file of a model: the path itself, or the only one of its kind in a directory that holds no
   * safetensors.
   *
   * @throws WeightsException if there are several, or the file is damaged
   */
  public static Optional<GgufModel> find(Path model) {
    return path(model).map(path -> new GgufModel(GgufFile.read(path)));
  }

  private static Optional<Path> path(Path model) {
    if (Files.isRegularFile(model) && model.toString().endsWith(SUFFIX)) {
      return Optional.of(model);
    }
    if (!Files.isDirectory(model)
        || SAFETENSORS.stream().anyMatch(name -> Files.isRegularFile(model.resolve(name)))) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(model)) {
      List<Path> files = all.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList();
      if (files.size() > 1) {
        throw new WeightsException(
            "%s holds %d GGUF files (%s); name one of them as the model"
                .formatted(
                    model,
                    files.size(),
                    files.stream()
                        .map(path -> path.getFileName().toString())
                        .collect(Collectors.joining(", "))));
      }
      return files.stream().findFirst();
    } catch (IOException e) {
      throw new WeightsException("cannot read %s: %s".formatted(model, e), e);
    }
  }

  /** Where the files beside a model's weights lie: its directory. */
  public static Path folder(Path model) {
    Path parent = model.toAbsolutePath().getParent();
    return Files.isRegularFile(model) && parent != null ? parent : model;
  }

  public Path path() {
    return file.path();
  }

  /**
   * The JSON document that a file of that name would hold, as far as the metadata says; empty for
   * other names.
   *
   * @param name config.json, tokenizer.json, tokenizer_config.json or generation_config.json
   */
  public Optional<ObjectNode> document(String name) {
    return switch (name) {
      case "config.json" -> Optional.of(new GgufConfig(file).json());
      case "tokenizer.json" -> Optional.of(new GgufTokenizer(metadata).json());
      case "tokenizer_config.json" -> Optional.of(new GgufTokenizer(metadata).config());
      case "generation_config.json" -> Optional.of(new GgufTokenizer(metadata).generation());
      default -> Optional.empty();
    };
  }

  /**
   * The tensors by Hugging Face's names.
   *
   * @throws WeightsException if the file is one of several
   */
  public Map<String, Tensor> tensors() {
    if (metadata.find("split.count", Long.class).orElse(1L) > 1) {
      throw new WeightsException(
          "%s is one of several files of a model; join them with llama-gguf-split --merge"
              .formatted(file.path()));
    }
    String architecture = metadata.architecture();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              if (!name.equals(GgufConfig.ROPE_FACTORS)) {
                boolean norm = architecture.equals("gemma3") && tensor.shape().length == 1;
                tensors.put(
                    GgufNames.of(name, architecture.equals("gemma3")),
                    new Tensor(
                        tensor.type(),
                        tensor.shape(),
                        tensor.begin(),
                        tensor.end(),
                        norm ? 1 : 0,
                        architecture.equals("llama") ? interleaved(name) : 0));
              }
            });
    return tensors;
  }

  /** The heads of a map whose rows are in pairs; 0 for other tensors. */
  private int interleaved(String name) {
    String key =
        name.endsWith(".attn_q.weight")
            ? "attention.head_count"
            : name.endsWith(".attn_k.weight") ? "attention.head_count_kv" : "";
    return key.isEmpty() ? 0 : Math.toIntExact(metadata.required(metadata.own(key), Long.class));
  }

  /** Bytes of a file, mapped. */
  static ByteBuffer bytes(Path file, long begin, long end) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, begin, end - begin);
    } catch (IOException e) {
      throw new WeightsException("cannot read %s: %s".formatted(file, e), e);
    }
  }
}
