package malt.experiment;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.type.TypeReference;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import malt.MalformedDataException;
import malt.credit.RoleStatistics;

/**
 * What a schedule's trees gave; kept as statistics.json.
 *
 * @param roles by name, in the order of the chain
 */
public record SetStatistics(Map<String, Role> roles) {
  /**
   * What they gave one role.
   *
   * @param counts of its nodes
   * @param sftExamples in its SFT set
   * @param dpoPairs in its DPO set
   * @param ppoExamples in its PPO set; 0 where the round trains nobody by that
   * @param ppoPromptsLeftOut whose completions are all worth the same
   */
  public record Role(
      @JsonUnwrapped RoleStatistics counts,
      long sftExamples,
      long dpoPairs,
      long ppoExamples,
      long ppoPromptsLeftOut) {
    private Role plus(Role other) {
      return new Role(
          counts.plus(other.counts),
          sftExamples + other.sftExamples,
          dpoPairs + other.dpoPairs,
          ppoExamples + other.ppoExamples,
          ppoPromptsLeftOut + other.ppoPromptsLeftOut);
    }
  }

  public SetStatistics {
    roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
  }

  /** Of these trees and those. */
  public SetStatistics plus(SetStatistics other) {
    Map<String, Role> sums = new LinkedHashMap<>(roles);
    other.roles.forEach((role, counts) -> sums.merge(role, counts, Role::plus));
    return new SetStatistics(sums);
  }

  void write(Path file) {
    RunFiles.write(file, this);
  }

  /**
   * Reads statistics.json.
   *
   * @throws MalformedDataException if the file holds something else
   */
  public static SetStatistics read(Path file) {
    return RunFiles.read(file, new TypeReference<>() {});
  }
}
