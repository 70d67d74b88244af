package malt.app.report.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.model.Remark;

/**
 * Everything that a report shows of a run directory. Parts that are not there yet are empty.
 *
 * @param config the text of config.yaml
 * @param seconds by stage, summed over seeds
 * @param remarks on completions of a server, by where they were sampled and by kind, likewise
 */
public record RunData(
    Path directory,
    Map<String, String> manifest,
    String config,
    Optional<Evaluation> evaluation,
    List<TrainingCurve> curves,
    List<RoleStatistics> statistics,
    Map<String, Double> seconds,
    Map<String, Map<Remark, Long>> remarks) {

  /** The run's name as its manifest says, else its directory's. */
  public String name() {
    return manifest.getOrDefault("name", String.valueOf(directory.getFileName()));
  }
}
