package malt.app.track;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import malt.AtomicFile;
import malt.StrictYaml;
import malt.agent.AgentRole;
import malt.data.Distillation;
import malt.evaluation.EvaluationFiles;
import malt.evaluation.VerifierQuality;
import malt.experiment.EarlyStopping;
import malt.experiment.ExperimentConfig;
import malt.experiment.Learning;
import malt.experiment.Plan;
import malt.experiment.RoundDiagnosis;
import malt.experiment.RunLayout;
import malt.experiment.SetStatistics;
import malt.training.TrainingStep;
import org.jspecify.annotations.Nullable;

/** What there is to tell of a run, read from its directory. */
record TrackedRun(ExperimentConfig config, RunLayout layout) {
  /**
   * Numbers that come one after the other.
   *
   * @param points the metrics of each step by name, the first at step 1
   */
  record Series(String name, List<Map<String, Double>> points) {}

  /** Every setting by its path: "sft.learning_rate". */
  Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    flatten("", tree(), parameters);
    return parameters;
  }

  private JsonNode tree() {
    try {
      return new YAMLMapper().readTree(StrictYaml.write(config));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // it was written a moment ago
    }
  }

  private static void flatten(String path, JsonNode value, Map<String, String> parameters) {
    if (value.isObject() && !value.isEmpty()) {
      value
          .properties()
          .forEach(
              entry ->
                  flatten(
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      entry.getValue(),
                      parameters));
    } else {
      parameters.put(path, value.isTextual() ? value.asText() : value.toString());
    }
  }

  /** Everything that was measured so far. */
  List<Series> series() {
    List<Series> all = new ArrayList<>();
    for (long seed : config.seeds()) {
      String before = "seed-" + seed + "/";
      List<Map<String, Double>> rounds = new ArrayList<>();
      for (Plan.Round round : Plan.of(config).rounds()) {
        RunLayout.Round part = layout.seed(seed).round(round.name());
        trainings(before + round.name(), part, all);
        if (Files.exists(part.statistics())) {
          rounds.add(round(part));
        }
      }
      all.add(new Series(before + "rounds", rounds));
      Plan.of(config).rounds().stream()
          .map(Plan.Round::stop)
          .filter(Objects::nonNull)
          .distinct()
          .forEach(stop -> all.add(measured(before, stop, layout.seed(seed))));
    }
    if (Files.exists(layout.evaluation())) {
      Map<String, Double> rows = new LinkedHashMap<>();
      EvaluationFiles.read(layout.evaluation())
          .methods()
          .forEach((name, row) -> rows.put(name, row.accuracy()));
      all.add(new Series("accuracy", List.of(rows)));
    }
    return all;
  }

  private void trainings(String before, RunLayout.Round part, List<Series> all) {
    for (AgentRole role :
        Stream.concat(config.roles().stream(), Stream.of(Distillation.STUDENT)).toList()) {
      for (Learning method : Learning.values()) {
        Path metrics = part.metrics(role, method);
        Stream.of(metrics, AtomicFile.part(metrics))
            .filter(Files::exists)
            .findFirst()
            .ifPresent(
                file ->
                    all.add(
                        new Series(
                            "%s/%s/%s".formatted(before, role, method.label()),
                            TrainingStep.readSoFar(file).stream()
                                .map(TrainingStep::metrics)
                                .toList())));
      }
    }
  }

  /** What the trees of a round were like, and how much came of them. */
  private static Map<String, Double> round(RunLayout.Round part) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    if (Files.exists(part.diagnosis())) {
      numbers.putAll(spoken(RoundDiagnosis.read(part.diagnosis())));
    }
    SetStatistics.read(part.statistics())
        .roles()
        .forEach(
            (role, made) -> {
              if (made.counts().nodes() > 0) {
                numbers.put(
                    role + "/labelled correct",
                    (double) made.counts().correct() / made.counts().nodes());
              }
              numbers.put(role + "/sft examples", (double) made.sftExamples());
              numbers.put(role + "/pairs", (double) made.dpoPairs());
            });
    return numbers;
  }

  private static Map<String, Double> spoken(RoundDiagnosis diagnosis) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    put(numbers, "accuracy", diagnosis.accuracy());
    diagnosis
        .turns()
        .forEach(
            (turn, speech) -> {
              put(numbers, turn + "/tokens", speech.tokens());
              put(numbers, turn + "/truncated", speech.truncated());
              VerifierQuality judging = speech.judging();
              if (judging != null) {
                put(numbers, turn + "/wrong answers flagged", judging.recall());
                put(numbers, turn + "/false alarms", judging.falseAlarm());
              }
            });
    return numbers;
  }

  private static void put(Map<String, Double> numbers, String name, @Nullable Double value) {
    if (value != null) {
      numbers.put(name, value);
    }
  }

  private static Series measured(String before, Plan.EarlyStop stop, RunLayout.Seed seed) {
    List<Map<String, Double>> points =
        new EarlyStopping(seed).measured(stop).stream().map(TrackedRun::spoken).toList();
    return new Series(before + "dev/" + stop.rounds().get(0), points);
  }

  /** The files worth keeping, by the name they are kept under. */
  Map<String, Path> files() {
    Map<String, Path> files = new LinkedHashMap<>();
    for (Path file :
        List.of(layout.config(), layout.manifest(), layout.evaluation(), layout.page())) {
      if (Files.exists(file)) {
        files.put(layout.root().relativize(file).toString().replace('\\', '/'), file);
      }
    }
    return files;
  }

  /** Whether all is done. */
  boolean finished() {
    return Files.exists(layout.evaluation());
  }
}
