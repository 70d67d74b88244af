package malt.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import malt.agent.AgentRole;
import org.jspecify.annotations.Nullable;

/**
 * The team that the schedules of a run begin with: one that another run trained, or adapters of
 * whatever origin. Paths are as seen from where the command is called.
 *
 * @param run directory of a finished run; null where adapters are named
 * @param schedule of that run, by which the team was trained; null where adapters are named
 * @param seed of that run; null where each seed begins with the team of the same seed
 * @param adapters directories in PEFT's format, by role; roles without one begin with the base;
 *     null where a run is named
 */
public record StartSettings(
    @Nullable String run,
    @Nullable String schedule,
    @Nullable Long seed,
    @Nullable Map<AgentRole, String> adapters) {
  public StartSettings {
    adapters = adapters == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(adapters));
  }

  /** Which team that is, for readers. */
  public String team() {
    return run == null
        ? "adapters named in its configuration"
        : "the team of schedule %s in %s%s"
            .formatted(schedule, run, seed == null ? ", by seed" : ", seed " + seed);
  }
}
