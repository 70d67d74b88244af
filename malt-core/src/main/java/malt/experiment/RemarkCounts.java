package malt.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import malt.MalformedDataException;
import malt.model.Remark;

/** How often what was remarked, for the report: remarks.json, once there is anything in it. */
public final class RemarkCounts {
  private RemarkCounts() {}

  /**
   * @param counts by scope, role and remark
   */
  static void write(Path file, Map<String, Map<String, Map<Remark, Long>>> counts) {
    if (counts.isEmpty() && !Files.exists(file)) {
      return;
    }
    Map<String, Map<String, Map<String, Long>>> shown = new LinkedHashMap<>();
    counts.forEach(
        (scope, roles) ->
            roles.forEach(
                (role, remarks) ->
                    remarks.forEach(
                        (remark, count) ->
                            shown
                                .computeIfAbsent(scope, key -> new LinkedHashMap<>())
                                .computeIfAbsent(role, key -> new LinkedHashMap<>())
                                .put(key(remark), count))));
    RunFiles.write(file, shown);
  }

  private static String key(Remark remark) {
    return remark.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The counts by scope, role and remark.
   *
   * @throws MalformedDataException if the file holds something else
   */
  public static Map<String, Map<String, Map<Remark, Long>>> read(Path file) {
    Map<String, Map<String, Map<String, Long>>> shown =
        RunFiles.read(
            file, new TypeReference<LinkedHashMap<String, Map<String, Map<String, Long>>>>() {});
    Map<String, Map<String, Map<Remark, Long>>> counts = new LinkedHashMap<>();
    shown.forEach(
        (scope, roles) -> {
          Map<String, Map<Remark, Long>> own = new LinkedHashMap<>();
          roles.forEach((role, remarks) -> own.put(role, known(file, remarks)));
          counts.put(scope, own);
        });
    return counts;
  }

  private static Map<Remark, Long> known(Path file, Map<String, Long> remarks) {
    Map<Remark, Long> known = new EnumMap<>(Remark.class);
    remarks.forEach(
        (key, count) ->
            known.put(
                Arrays.stream(Remark.values())
                    .filter(remark -> key(remark).equals(key))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new MalformedDataException(
                                "%s counts \"%s\", which is no remark of this version"
                                    .formatted(file, key))),
                count));
    return known;
  }
}
