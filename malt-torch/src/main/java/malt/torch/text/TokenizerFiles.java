package malt.torch.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import malt.MalformedDataException;
import malt.torch.gguf.GgufModel;

/** Reads the JSON files of a model directory, or what a GGUF file says in their place. */
final class TokenizerFiles {
  static final ObjectMapper JSON = new ObjectMapper();

  private TokenizerFiles() {}

  static JsonNode required(Path directory, String name) {
    return find(directory, name)
        .orElseThrow(
            () -> new MalformedDataException("There is no " + name + " in " + directory + "."));
  }

  /** The file's object; an empty one where there is no such file. */
  static JsonNode optional(Path directory, String name) {
    return find(directory, name).orElseGet(JSON::createObjectNode);
  }

  private static Optional<JsonNode> find(Path directory, String name) {
    Path file = path(directory, name);
    return Files.isRegularFile(file)
        ? Optional.of(read(file))
        : GgufModel.find(directory).flatMap(gguf -> gguf.document(name));
  }

  /** Where a file of that name lies, or would. */
  static Path path(Path directory, String name) {
    return GgufModel.folder(directory).resolve(name);
  }

  private static JsonNode read(Path file) {
    try {
      JsonNode node = JSON.readTree(file.toFile());
      if (node == null || !node.isObject()) {
        throw new MalformedDataException(file + " does not hold a JSON object.");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new MalformedDataException(file + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new MalformedDataException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
