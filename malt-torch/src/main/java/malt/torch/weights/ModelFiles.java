package malt.torch.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.WeightsException;
import malt.torch.gguf.GgufModel;

/** What a model directory holds beside its weights. */
public final class ModelFiles {
  private static final String CONFIG = "config.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelFiles() {}

  /** Makes a directory for a new model; one that holds something is not touched. */
  public static void begin(Path directory) {
    try {
      Files.createDirectories(directory);
      try (Stream<Path> files = Files.list(directory)) {
        if (files.findAny().isPresent()) {
          throw new ConfigException(directory + " is not empty; name a new directory");
        }
      }
    } catch (IOException e) {
      throw new WeightsException("cannot make %s: %s".formatted(directory, e), e);
    }
  }

  /** Copies a config.json, with the type of the new weights. */
  public static void copyConfig(Path config, Path directory, StoredType type) {
    try {
      JsonNode json = JSON.readTree(config.toFile());
      if (!(json instanceof ObjectNode object)) {
        throw new WeightsException(config + " is not a model configuration: it holds no object");
      }
      writeConfig(object, directory, type);
    } catch (IOException e) {
      throw new WeightsException("cannot read %s: %s".formatted(config, e), e);
    }
  }

  /** Copies config.json of a model, or writes what its GGUF file says in its place. */
  public static void copyConfigOf(Path model, Path directory, StoredType type) {
    Optional<ObjectNode> stated = GgufModel.find(model).flatMap(gguf -> gguf.document(CONFIG));
    if (stated.isPresent()) {
      writeConfig(stated.get(), directory, type);
    } else {
      copyConfig(model.resolve(CONFIG), directory, type);
    }
  }

  private static void writeConfig(ObjectNode config, Path directory, StoredType type) {
    config.remove("dtype");
    config.put("torch_dtype", type.toString());
    write(config, directory.resolve(CONFIG));
  }

  private static void write(ObjectNode json, Path file) {
    AtomicFiles.write(file, json.toPrettyString() + "\n");
  }

  /**
   * Copies tokenizer, chat template and generation settings; what a GGUF file says in place of
   * those that are not beside it.
   */
  public static void copyTokenizer(Path model, Path directory) {
    Path from = GgufModel.folder(model);
    Optional<GgufModel> gguf = GgufModel.find(model);
    try {
      for (String name :
          List.of(
              "tokenizer.json",
              "tokenizer_config.json",
              "special_tokens_map.json",
              "generation_config.json",
              "chat_template.jinja")) {
        if (Files.isRegularFile(from.resolve(name))) {
          Files.copy(
              from.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } else {
          gguf.flatMap(file -> file.document(name))
              .ifPresent(json -> write(json, directory.resolve(name)));
        }
      }
    } catch (IOException e) {
      throw new WeightsException("cannot copy the tokenizer of %s: %s".formatted(from, e), e);
    }
  }
}
