package malt.experiment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import malt.AtomicFiles;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.TextFiles;
import org.jspecify.annotations.Nullable;

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
 * @param start the team that schedules begin with; null for the untrained base
 */
public record Manifest(
    String name,
    String malt,
    String java,
    String system,
    String base,
    String template,
    String begun,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Start start) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /**
   * The team that a run begins with.
   *
   * @param team which it is, in words
   * @param adapters SHA-256 of the files of each, by whose it is
   */
  public record Start(String team, Map<String, String> adapters) {
    public Start {
      adapters = Collections.unmodifiableMap(new TreeMap<>(adapters));
    }
  }

  /** What a run that begins now with the untrained base is begun with. */
  public Manifest(
      String name,
      String malt,
      String java,
      String system,
      String base,
      String template,
      String begun) {
    this(name, malt, java, system, base, template, begun, null);
  }

  /** The same with a team to begin with. */
  Manifest with(Start team) {
    return new Manifest(name, malt, java, system, base, template, begun, team);
  }

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
   * Refuses to continue a run on another model, or after the team it began with was changed.
   *
   * @param file that this was read from
   * @throws ConfigException naming what differs
   */
  public void requireSame(Path file, Manifest now) {
    requireSame(file, "the model's weights", base, now.base);
    requireSame(file, "the model's chat template", template, now.template);
    Map<String, String> then = start == null ? Map.of() : start.adapters();
    Map<String, String> found = now.start == null ? Map.of() : now.start.adapters();
    for (String adapter : then.keySet()) {
      requireSame(
          file,
          "the copy of the start's adapters, %s,".formatted(adapter),
          then.get(adapter),
          found.getOrDefault(adapter, "nothing"));
    }
  }

  private static void requireSame(Path file, String what, String then, String now) {
    if (!then.equals(now)) {
      throw new ConfigException(
          "%s changed since this run was begun (%s says %s, found %s); use another --name, or put the old one back"
              .formatted(what, file, brief(then), brief(now)));
    }
  }

  static String brief(String hash) {
    return hash.length() > 12 ? hash.substring(0, 12) : hash;
  }
}
