package malt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import malt.problem.SharedData;
import org.jspecify.annotations.Nullable;

/**
 * Cases of others that tests are held to: those that travel with the repository, in the resources'
 * folder "reference", and else those beside it ({@link SharedData}), without which a test is
 * skipped.
 */
public final class ReferenceData {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TOKENIZER_FILES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "generation_config.json",
          "chat_template.jinja");

  private static final Map<String, Path> TOKENIZERS = new ConcurrentHashMap<>();

  private ReferenceData() {}

  /** The rows of a file of JSON lines: "chat-templates/cases.jsonl". */
  public static List<JsonNode> rows(String name) {
    return text(name).lines().map(ReferenceData::parse).toList();
  }

  /** A file's text. */
  public static String text(String name) {
    try (InputStream shipped = open(name)) {
      return shipped == null
          ? Files.readString(SharedData.file(name))
          : new String(shipped.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The directory of a model's tokenizer: "qwen2.5". */
  public static Path tokenizer(String model) {
    return TOKENIZERS.computeIfAbsent(
        model,
        name ->
            ReferenceData.class.getResource("/reference/tokenizers/" + name) == null
                ? SharedData.file("tokenizers/" + name + "/tokenizer.json").getParent()
                : unpacked("tokenizers/" + name));
  }

  private static Path unpacked(String folder) {
    try {
      Path directory = Files.createTempDirectory("tokenizer");
      directory.toFile().deleteOnExit();
      for (String file : TOKENIZER_FILES) {
        try (InputStream in = open(folder + "/" + file)) {
          if (in != null) {
            Path target = directory.resolve(file);
            Files.copy(in, target);
            target.toFile().deleteOnExit();
          }
        }
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that ships, packed or not; null for others. */
  private static @Nullable InputStream open(String name) throws IOException {
    InputStream plain = resource(name);
    InputStream packed = plain == null ? resource(name + ".gz") : null;
    return packed == null ? plain : new GZIPInputStream(packed);
  }

  private static @Nullable InputStream resource(String name) {
    return ReferenceData.class.getResourceAsStream("/reference/" + name);
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
