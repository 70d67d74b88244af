package malt.app.report.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import malt.MalformedDataException;

/** Reads statistics.json and counts the lines of {role}/{sft,dpo}.jsonl, summed over seeds. */
final class StatisticsReader {
  private static final List<String> ORDER = List.of("generator", "verifier", "refiner");
  private static final String HISTOGRAM = "value_histogram";
  private static final String SFT = "sft_examples";
  private static final String DPO = "dpo_pairs";

  /** Counts by name, and the histogram, of one schedule and role. */
  private static final class Sum {
    private final Map<String, Long> counts = new TreeMap<>();
    private List<Long> histogram = List.of();

    private void add(String name, long count) {
      counts.merge(name, count, Long::sum);
    }

    private OptionalLong count(String name) {
      Long count = counts.get(name);
      return count == null ? OptionalLong.empty() : OptionalLong.of(count);
    }
  }

  private StatisticsReader() {}

  /**
   * Reads and sums.
   *
   * @param schedules directories seed-S/SCHEDULE
   */
  static List<RoleStatistics> read(List<Path> schedules) throws IOException {
    Map<String, Map<String, Sum>> sums = new LinkedHashMap<>();
    for (Path schedule : schedules) {
      String name = schedule.getFileName().toString();
      readSchedule(schedule, sums.computeIfAbsent(name, key -> new LinkedHashMap<>()));
    }
    List<RoleStatistics> statistics = new ArrayList<>();
    sums.forEach((schedule, roles) -> statistics.addAll(inOrder(schedule, roles)));
    return statistics;
  }

  private static void readSchedule(Path schedule, Map<String, Sum> roles) throws IOException {
    Path file = schedule.resolve("statistics.json");
    if (Files.exists(file)) {
      for (Map.Entry<String, Json> role : Json.file(file).at("roles").fields().entrySet()) {
        Sum sum = roles.computeIfAbsent(role.getKey(), key -> new Sum());
        addRole(sum, role.getValue(), schedule.resolve(role.getKey()));
      }
    }
  }

  private static void addRole(Sum sum, Json role, Path sets) throws IOException {
    for (Map.Entry<String, Json> field : role.fields().entrySet()) {
      String name = field.getKey();
      if (name.equals(HISTOGRAM)) {
        sum.histogram = added(sum.histogram, field.getValue());
      } else if (!name.equals(SFT) && !name.equals(DPO) && field.getValue().isNumber()) {
        sum.add(name, field.getValue().count());
      }
    }
    addSet(sum, SFT, role, sets.resolve("sft.jsonl"));
    addSet(sum, DPO, role, sets.resolve("dpo.jsonl"));
  }

  /** The file itself is counted where it is there; else the statistics are believed. */
  private static void addSet(Sum sum, String name, Json role, Path file) throws IOException {
    if (Files.exists(file)) {
      sum.add(name, lines(file));
    } else {
      role.find(name).ifPresent(count -> sum.add(name, count.count()));
    }
  }

  private static long lines(Path file) throws IOException {
    long lines = 0;
    long number = 0;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        String trimmed = line.strip();
        if (trimmed.isEmpty()) {
          continue;
        }
        if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) {
          throw new MalformedDataException(
              file + ":" + number + ": a JSON object on one line wanted");
        }
        lines++;
      }
    }
    return lines;
  }

  private static List<Long> added(List<Long> sum, Json histogram) {
    List<Long> more = histogram.items().stream().map(Json::count).toList();
    if (!sum.isEmpty() && sum.size() != more.size()) {
      throw histogram.wrong(sum.size() + " bins, as in the other seeds,");
    }
    List<Long> total = new ArrayList<>();
    for (int i = 0; i < more.size(); i++) {
      total.add(more.get(i) + (sum.isEmpty() ? 0 : sum.get(i)));
    }
    return total;
  }

  private static List<RoleStatistics> inOrder(String schedule, Map<String, Sum> roles) {
    List<String> names = new ArrayList<>(ORDER);
    names.retainAll(roles.keySet());
    roles.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
    List<RoleStatistics> statistics = new ArrayList<>();
    for (String name : names) {
      Sum sum = roles.getOrDefault(name, new Sum());
      statistics.add(
          new RoleStatistics(
              schedule,
              name,
              sum.count("nodes"),
              sum.count("correct"),
              sum.histogram,
              sum.count(SFT),
              sum.count(DPO),
              sum.count("ungradable"),
              sum.count("truncated"),
              sum.count("no_answer")));
    }
    return statistics;
  }
}
