package malt.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import malt.MaltException;
import malt.agent.AgentRole;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.experiment.ExperimentConfig;
import malt.experiment.Learning;
import malt.experiment.Manifest;
import malt.experiment.Plan;
import malt.experiment.RemarkCounts;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.SetStatistics;
import malt.experiment.Timings;
import malt.model.Remark;
import malt.training.TrainingStep;

/**
 * Everything that a report shows of a run directory. Parts that are not there yet are empty.
 *
 * @param config the text of config.yaml
 * @param curves in the order of training: stage by stage, and role by role
 * @param statistics by round, summed over seeds
 * @param seconds by stage, summed over seeds
 * @param remarks on completions of a server, by where they were sampled and by kind, likewise
 */
record RunData(
    String name,
    Manifest manifest,
    String config,
    Optional<EvaluationReport> evaluation,
    List<Curve> curves,
    Map<String, SetStatistics> statistics,
    Map<String, Double> seconds,
    Map<String, Map<Remark, Long>> remarks) {
  /**
   * The steps of a training job.
   *
   * @param stage "sft" or "dpo"
   */
  record Curve(String round, String role, String stage, List<TrainingStep> steps) {}

  /**
   * Reads what is there.
   *
   * @throws malt.ConfigException if the directory is not that of a run
   * @throws malt.MalformedDataException if a file does not hold what it should
   */
  static RunData read(Path root) {
    RunLayout layout = new RunLayout(root);
    ExperimentConfig config = RunDirectory.readConfig(root);
    List<RunLayout.Seed> seeds = config.seeds().stream().map(layout::seed).toList();
    return new RunData(
        config.name(),
        Manifest.read(layout.manifest()),
        text(layout.config()),
        Files.exists(layout.evaluation())
            ? Optional.of(EvaluationFiles.read(layout.evaluation()))
            : Optional.empty(),
        curves(config, seeds),
        statistics(config, seeds),
        seconds(seeds),
        remarks(seeds));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new MaltException("cannot read %s: %s".formatted(file, e), e);
    }
  }

  private static List<Curve> curves(ExperimentConfig config, List<RunLayout.Seed> seeds) {
    List<Curve> curves = new ArrayList<>();
    List<Plan.Round> rounds = Plan.of(config).rounds();
    for (Learning method : Learning.values()) {
      for (AgentRole role : config.roles()) {
        for (RunLayout.Seed seed : seeds) {
          for (Plan.Round round : rounds) {
            Path metrics = seed.round(round.name()).metrics(role, method);
            if (Files.exists(metrics)) {
              List<TrainingStep> steps = TrainingStep.read(metrics);
              curves.add(new Curve(round.name(), role.name(), method.label(), steps));
            }
          }
        }
      }
    }
    return curves;
  }

  private static Map<String, SetStatistics> statistics(
      ExperimentConfig config, List<RunLayout.Seed> seeds) {
    Map<String, SetStatistics> sums = new LinkedHashMap<>();
    for (RunLayout.Seed seed : seeds) {
      for (Plan.Round round : Plan.of(config).rounds()) {
        Path statistics = seed.round(round.name()).statistics();
        if (Files.exists(statistics)) {
          sums.merge(round.name(), SetStatistics.read(statistics), SetStatistics::plus);
        }
      }
    }
    return sums;
  }

  private static Map<String, Double> seconds(List<RunLayout.Seed> seeds) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (RunLayout.Seed seed : seeds) {
      if (Files.exists(seed.timings())) {
        Timings.read(seed.timings())
            .forEach((stage, time) -> seconds.merge(stage, time, Double::sum));
      }
    }
    return seconds;
  }

  private static Map<String, Map<Remark, Long>> remarks(List<RunLayout.Seed> seeds) {
    Map<String, Map<Remark, Long>> remarks = new LinkedHashMap<>();
    for (RunLayout.Seed seed : seeds) {
      if (Files.exists(seed.remarks())) {
        RemarkCounts.read(seed.remarks())
            .forEach(
                (scope, roles) ->
                    roles.forEach(
                        (role, counts) -> {
                          Map<Remark, Long> sum =
                              remarks.computeIfAbsent(
                                  scope + " · " + role, key -> new EnumMap<>(Remark.class));
                          counts.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
                        }));
      }
    }
    return remarks;
  }
}
