package malt.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import malt.TextFiles;
import malt.agent.AgentRole;
import malt.data.Distillation;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.EvaluationReport;
import malt.experiment.EarlyStopping;
import malt.experiment.ExperimentConfig;
import malt.experiment.Learning;
import malt.experiment.Manifest;
import malt.experiment.Plan;
import malt.experiment.RemarkCounts;
import malt.experiment.RoundDiagnosis;
import malt.experiment.RunDirectory;
import malt.experiment.RunLayout;
import malt.experiment.SetStatistics;
import malt.experiment.Timings;
import malt.model.Remark;
import malt.training.TrainingStep;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a report shows of a run directory. Parts that are not there yet are empty.
 *
 * @param config the text of config.yaml
 * @param curves in the order of training: stage by stage, and role by role
 * @param statistics by round, summed over seeds
 * @param grown how the team of each round spoke in the trees that it sampled
 * @param measured how teams answered the dev questions before repetitions and after each
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
    List<Spoken> grown,
    List<Spoken> measured,
    Map<String, Double> seconds,
    Map<String, Map<Remark, Long>> remarks) {
  /**
   * The steps of a training job.
   *
   * @param stage "sft" or "dpo"
   */
  record Curve(String round, String role, String stage, List<TrainingStep> steps) {}

  /** How a round's team speaks, in each seed. */
  record Spoken(String name, List<RoundDiagnosis> seeds) {
    List<String> turns() {
      return List.copyOf(seeds.get(0).turns().keySet());
    }

    /** Over the seeds that have the number. */
    OptionalDouble mean(Function<RoundDiagnosis, @Nullable Double> number) {
      return seeds.stream()
          .map(number)
          .filter(Objects::nonNull)
          .mapToDouble(Double::doubleValue)
          .average();
    }
  }

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
        TextFiles.read(layout.config()),
        Files.exists(layout.evaluation())
            ? Optional.of(EvaluationFiles.read(layout.evaluation()))
            : Optional.empty(),
        curves(config, seeds),
        statistics(config, seeds),
        grown(config, seeds),
        measured(config, seeds),
        seconds(seeds),
        remarks(seeds));
  }

  private static List<Curve> curves(ExperimentConfig config, List<RunLayout.Seed> seeds) {
    List<Curve> curves = new ArrayList<>();
    List<Plan.Round> rounds = Plan.of(config).rounds();
    for (Learning method : Learning.values()) {
      for (AgentRole role : everyone(config)) {
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

  /** The roles, and who was taught alone. */
  private static List<AgentRole> everyone(ExperimentConfig config) {
    List<AgentRole> all = new ArrayList<>(config.roles());
    all.add(Distillation.STUDENT);
    return all;
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

  private static List<Spoken> grown(ExperimentConfig config, List<RunLayout.Seed> seeds) {
    List<Spoken> grown = new ArrayList<>();
    for (Plan.Round round : Plan.of(config).rounds()) {
      List<RoundDiagnosis> spoken =
          seeds.stream()
              .map(seed -> seed.round(round.name()).diagnosis())
              .filter(Files::exists)
              .map(RoundDiagnosis::read)
              .toList();
      if (!spoken.isEmpty()) {
        grown.add(new Spoken(round.name(), spoken));
      }
    }
    return grown;
  }

  private static List<Spoken> measured(ExperimentConfig config, List<RunLayout.Seed> seeds) {
    List<Spoken> all = new ArrayList<>();
    Plan.of(config).rounds().stream()
        .map(Plan.Round::stop)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(stop -> all.addAll(measured(stop, seeds)));
    return all;
  }

  private static List<Spoken> measured(Plan.EarlyStop stop, List<RunLayout.Seed> seeds) {
    List<List<RoundDiagnosis>> found =
        seeds.stream().map(seed -> new EarlyStopping(seed).measured(stop)).toList();
    List<Spoken> measured = new ArrayList<>();
    for (int i = 0; i <= stop.rounds().size(); i++) {
      int place = i;
      List<RoundDiagnosis> here =
          found.stream().filter(all -> all.size() > place).map(all -> all.get(place)).toList();
      long kept =
          found.stream().filter(all -> !all.isEmpty() && EarlyStopping.best(all) == place).count();
      String name = i == 0 ? "before " + stop.rounds().get(0) : "after " + stop.rounds().get(i - 1);
      String whose =
          kept == 0 ? "" : seeds.size() == 1 ? " (kept)" : " (kept by %d)".formatted(kept);
      if (!here.isEmpty()) {
        measured.add(new Spoken(name + whose, here));
      }
    }
    return measured;
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
