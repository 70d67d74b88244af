package malt.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import malt.model.Remark;

/** How often what was remarked, for the report: remarks.json, once there is anything in it. */
public final class RemarkCounts {
  private RemarkCounts() {}

  /**
   * @param counts by scope, role and remark
   */
  static void write(Path file, Map<String, Map<String, Map<Remark, Long>>> counts) {
    if (!counts.isEmpty() || Files.exists(file)) {
      RunFiles.write(file, counts);
    }
  }

  /**
   * The counts by scope, role and remark.
   *
   * @throws malt.MalformedDataException if the file holds something else
   */
  public static Map<String, Map<String, EnumMap<Remark, Long>>> read(Path file) {
    return RunFiles.read(
        file, new TypeReference<LinkedHashMap<String, Map<String, EnumMap<Remark, Long>>>>() {});
  }
}
