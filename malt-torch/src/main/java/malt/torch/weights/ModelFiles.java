package malt.torch.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.WeightsException;

/** What a model directory holds beside its weights. */
public final class ModelFiles {
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

  /** Copies config.json, with the type of the new weights. */
  public static void copyConfig(Path config, Path directory, StoredType type) {
    try {
      JsonNode json = JSON.readTree(config.toFile());
      if (!(json instanceof ObjectNode object)) {
        throw new WeightsException(config + " is not a model configuration: it holds no object");
      }
      object.remove("dtype");
      object.put("torch_dtype", type.toString());
      AtomicFiles.write(
          directory.resolve("config.json"),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(object) + "\n");
    } catch (IOException e) {
      throw new WeightsException("cannot read %s: %s".formatted(config, e), e);
    }
  }

  /** Copies tokenizer, chat template and generation settings. */
  public static void copyTokenizer(Path from, Path directory) {
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
        }
      }
    } catch (IOException e) {
      throw new WeightsException("cannot copy the tokenizer of %s: %s".formatted(from, e), e);
    }
  }
}
