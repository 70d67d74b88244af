package malt.app.report.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import malt.ConfigException;
import malt.MalformedDataException;
import malt.model.Remark;

/** Reads a run directory: {@code seed-S/SCHEDULE/...} and the files beside the seeds. */
public final class RunReader {
  private RunReader() {}

  /**
   * Reads what is there.
   *
   * @throws ConfigException if the directory does not exist
   * @throws MalformedDataException if a file does not hold what it should
   */
  public static RunData read(Path run) {
    if (!Files.isDirectory(run)) {
      throw new ConfigException(run + " is not a run directory: it does not exist");
    }
    try {
      List<Path> seeds = seeds(run);
      Path evaluation = run.resolve("evaluation.json");
      return new RunData(
          run.toAbsolutePath().normalize(),
          manifest(run.resolve("manifest.json")),
          config(run.resolve("config.yaml")),
          Files.exists(evaluation)
              ? Optional.of(EvaluationReader.read(evaluation))
              : Optional.empty(),
          curves(seeds),
          StatisticsReader.read(schedules(seeds)),
          seconds(seeds),
          remarks(seeds));
    } catch (IOException | UncheckedIOException e) {
      throw new MalformedDataException(run + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads an evaluation that stands by itself.
   *
   * @throws MalformedDataException if the file does not hold what it should
   */
  public static Evaluation evaluation(Path file) {
    return EvaluationReader.read(file);
  }

  private static Map<String, String> manifest(Path file) {
    Map<String, String> manifest = new LinkedHashMap<>();
    if (Files.exists(file)) {
      Json.file(file).fields().forEach((key, value) -> manifest.put(key, value.text()));
    }
    return manifest;
  }

  private static String config(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static List<Path> seeds(Path run) throws IOException {
    Map<Long, Path> seeds = new TreeMap<>();
    for (Path directory : directories(run)) {
      String name = directory.getFileName().toString();
      if (name.matches("seed-\\d{1,18}")) {
        seeds.put(Long.parseLong(name.substring("seed-".length())), directory);
      }
    }
    return List.copyOf(seeds.values());
  }

  private static List<Path> schedules(List<Path> seeds) throws IOException {
    List<Path> schedules = new ArrayList<>();
    for (Path seed : seeds) {
      schedules.addAll(directories(seed));
    }
    return schedules;
  }

  /** Sorted by name; "joint" before all others, since it is the paper's. */
  private static List<Path> directories(Path parent) throws IOException {
    Comparator<Path> joint = Comparator.comparing(path -> !path.endsWith("joint"));
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(Files::isDirectory)
          .sorted(joint.thenComparing(Comparator.naturalOrder()))
          .toList();
    }
  }

  private static List<TrainingCurve> curves(List<Path> seeds) throws IOException {
    List<TrainingCurve> curves = new ArrayList<>();
    for (Path seed : seeds) {
      for (Path schedule : directories(seed)) {
        Path metrics = schedule.resolve("metrics");
        if (Files.isDirectory(metrics)) {
          curves.addAll(CurveReader.read(name(seed), name(schedule), metrics));
        }
      }
    }
    return curves;
  }

  private static Map<String, Double> seconds(List<Path> seeds) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (Path seed : seeds) {
      Path file = seed.resolve("timings.json");
      if (Files.exists(file)) {
        Json.file(file)
            .fields()
            .forEach((stage, value) -> seconds.merge(stage, value.number(), Double::sum));
      }
    }
    return seconds;
  }

  private static Map<String, Map<Remark, Long>> remarks(List<Path> seeds) {
    Map<String, Map<Remark, Long>> remarks = new LinkedHashMap<>();
    for (Path seed : seeds) {
      Path file = seed.resolve("remarks.json");
      if (Files.exists(file)) {
        for (Map.Entry<String, Json> scope : Json.file(file).fields().entrySet()) {
          for (Map.Entry<String, Json> role : scope.getValue().fields().entrySet()) {
            Map<Remark, Long> sum =
                remarks.computeIfAbsent(
                    scope.getKey() + " · " + role.getKey(), key -> new EnumMap<>(Remark.class));
            role.getValue()
                .fields()
                .forEach((kind, count) -> sum.merge(remark(kind, count), count.count(), Long::sum));
          }
        }
      }
    }
    return remarks;
  }

  private static Remark remark(String kind, Json count) {
    for (Remark remark : Remark.values()) {
      if (remark.name().toLowerCase(Locale.ROOT).equals(kind)) {
        return remark;
      }
    }
    throw count.wrong("the count of a known remark");
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
