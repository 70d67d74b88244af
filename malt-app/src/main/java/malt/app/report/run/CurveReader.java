package malt.app.report.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads metrics/{role}-{sft,dpo}.jsonl, a line for each optimiser step. */
final class CurveReader {
  private static final Pattern NAME = Pattern.compile("(.+)-(sft|dpo)\\.jsonl");

  private CurveReader() {}

  static List<TrainingCurve> read(String seed, String schedule, Path metrics) throws IOException {
    List<TrainingCurve> curves = new ArrayList<>();
    for (Path file : files(metrics)) {
      Matcher name = NAME.matcher(file.getFileName().toString());
      if (name.matches()) {
        curves.add(curve(seed, schedule, name.group(1), name.group(2), Json.lines(file)));
      }
    }
    return curves;
  }

  private static List<Path> files(Path metrics) throws IOException {
    try (Stream<Path> files = Files.list(metrics)) {
      return files.sorted().toList();
    }
  }

  private static TrainingCurve curve(
      String seed, String schedule, String role, String stage, List<Json> lines) {
    List<Double> steps = new ArrayList<>();
    Map<String, List<Double>> values = new LinkedHashMap<>();
    for (Json line : lines) {
      for (Map.Entry<String, Json> metric : line.fields().entrySet()) {
        List<Double> series = values.computeIfAbsent(metric.getKey(), key -> new ArrayList<>());
        pad(series, steps.size());
        series.add(metric.getValue().measured().orElse(Double.NaN));
      }
      steps.add(line.at("step").number());
    }
    values.values().forEach(series -> pad(series, steps.size()));
    return new TrainingCurve(seed, schedule, role, stage, steps, values);
  }

  private static void pad(List<Double> series, int length) {
    while (series.size() < length) {
      series.add(Double.NaN);
    }
  }
}
