package malt.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import malt.AtomicFiles;
import malt.model.Remark;

/** How often what was remarked, for the report: remarks.json, once there is anything in it. */
final class RemarkCounts {
  private static final ObjectMapper JSON = new ObjectMapper();

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
                                .put(remark.name().toLowerCase(Locale.ROOT), count))));
    try {
      AtomicFiles.write(file, JSON.writeValueAsString(shown) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
