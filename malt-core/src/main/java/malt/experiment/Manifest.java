package malt.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.TextFiles;

/**
 * What a run was begun with, kept as manifest.json.
 *
 * @param name of the run
 * @param malt version of this software
 * @param java version and vendor
 * @param system operating system, architecture and processors
 * @param base SHA-256 of the base model's configuration and weights
 * @param template SHA-256 of its chat template
 * @param begun when, in ISO 8601
 */
public record Manifest(
    String name,
    String malt,
    String java,
    String system,
    String base,
    String template,
    String begun) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  void write(Path file) {
    try {
      AtomicFiles.write(file, JSON.writeValueAsString(this) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads manifest.json.
   *
   * @throws ConfigException if it is missing
   * @throws MalformedDataException if the file is none of ours
   */
  public static Manifest read(Path file) {
    if (!Files.exists(file)) {
      throw new ConfigException("%s is missing; the run was never begun".formatted(file));
    }
    try {
      return JSON.readValue(TextFiles.read(file), Manifest.class);
    } catch (JsonProcessingException e) {
      throw new MalformedDataException(
          "%s is damaged: %s; if the rest of the run is whole, remove the file"
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  /**
   * Refuses to continue a run on another model.
   *
   * @throws ConfigException naming what differs
   */
  void requireSameModel(Path file, Manifest now) {
    Map<String, String[]> differences = new LinkedHashMap<>();
    differences.put("weights", new String[] {base, now.base});
    differences.put("chat template", new String[] {template, now.template});
    differences.forEach(
        (what, hashes) -> {
          if (!hashes[0].equals(hashes[1])) {
            throw new ConfigException(
                "the model's %s changed since this run was begun (%s says %s, found %s); use another --name, or put the old model back"
                    .formatted(what, file, brief(hashes[0]), brief(hashes[1])));
          }
        });
  }

  private static String brief(String hash) {
    return hash.length() > 12 ? hash.substring(0, 12) : hash;
  }
}
