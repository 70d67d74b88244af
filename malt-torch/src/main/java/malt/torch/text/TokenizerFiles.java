package malt.torch.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import malt.MalformedDataException;

/** Reads the JSON files of a model directory. */
final class TokenizerFiles {
  static final ObjectMapper JSON = new ObjectMapper();

  private TokenizerFiles() {}

  static JsonNode required(Path directory, String name) {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new MalformedDataException("There is no " + name + " in " + directory + ".");
    }
    return read(file);
  }

  /** The file's object; an empty one where there is no such file. */
  static JsonNode optional(Path directory, String name) {
    Path file = directory.resolve(name);
    return Files.isRegularFile(file) ? read(file) : JSON.createObjectNode();
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
