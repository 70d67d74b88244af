package malt.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Writes run directories with made-up numbers, for tests and to look at the report. */
final class SyntheticRun {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> ROLES = List.of("generator", "verifier", "refiner");

  private final Random random;
  private final Path directory;
  private final int seeds;

  private SyntheticRun(Path directory, int seeds, long seed) {
    this.random = new Random(seed);
    this.directory = directory;
    this.seeds = seeds;
  }

  /** A complete run of the seeds given. */
  static Path write(Path directory, int seeds) throws IOException {
    new SyntheticRun(directory, seeds, 7).write();
    return directory;
  }

  /** Writes the report's page, document and table of a synthetic run under the directory given. */
  public static void main(String[] arguments) throws IOException {
    Path run = write(Path.of(arguments[0], "synthetic"), 5);
    System.out.println(HtmlReport.write(run, SyntheticTrees.of(12, 3)));
    System.out.println(MarkdownReport.write(run, Path.of(arguments[0], "results")));
    System.out.println(ResultTable.read(run));
  }

  private void write() throws IOException {
    file("manifest.json", json(Map.of("name", "synthetic", "version", "0.1.0", "java", "17")));
    file("config.yaml", "seed: 1\nteam:\n  branching: [3, 3, 3]\n  note: \"<b>a & b</b>\"\n");
    file("evaluation.json", json(evaluation()));
    for (int seed = 1; seed <= seeds; seed++) {
      file("seed-" + seed + "/timings.json", json(timings()));
      for (String schedule : List.of("generator-first", "joint")) {
        schedule("seed-" + seed + "/" + schedule + "/");
      }
    }
  }

  private void schedule(String path) throws IOException {
    Map<String, Object> roles = new LinkedHashMap<>();
    for (int i = 0; i < ROLES.size(); i++) {
      String role = ROLES.get(i);
      roles.put(role, statistics(i));
      file(path + role + "/sft.jsonl", "{\"prompt\":\"p\",\"completion\":\"c\"}\n".repeat(700));
      file(path + "metrics/" + role + "-sft.jsonl", metrics(120, false));
      if (i > 0) {
        file(path + role + "/dpo.jsonl", "{\"prompt\":\"p\"}\n".repeat(400));
        file(path + "metrics/" + role + "-dpo.jsonl", metrics(75, true));
      }
    }
    file(path + "statistics.json", json(Map.of("roles", roles)));
  }

  private Map<String, Object> statistics(int turn) {
    List<Integer> histogram = new ArrayList<>();
    for (int bin = 0; bin < 10; bin++) {
      boolean end = bin == 0 || bin == 9;
      histogram.add(turn == 2 ? (end ? 9000 + random.nextInt(500) : 0) : 100 + random.nextInt(300));
    }
    Map<String, Object> role = new LinkedHashMap<>();
    role.put("nodes", 2100 * (int) Math.pow(3, turn));
    role.put("correct", 1100 * (int) Math.pow(3, turn));
    role.put("value_histogram", histogram);
    role.put("sft_examples", 1);
    role.put("dpo_pairs", 0);
    role.put("ungradable", 0);
    role.put("truncated", random.nextInt(40));
    role.put("no_answer", random.nextInt(90));
    return role;
  }

  private String metrics(int steps, boolean preference) {
    StringBuilder lines = new StringBuilder();
    for (int step = 1; step <= steps; step++) {
      double done = (double) step / steps;
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("step", step);
      line.put("steps", steps);
      line.put("tokens", 800 + random.nextInt(50));
      line.put("loss", (preference ? 0.69 : 0.9) - 0.3 * done + 0.05 * random.nextGaussian());
      line.put("learning_rate", 1e-3 * (1 - done));
      if (preference) {
        line.put("rewards/chosen", 0.2 * done + 0.05 * random.nextGaussian());
        line.put("rewards/rejected", -0.9 * done + 0.05 * random.nextGaussian());
        line.put("rewards/margins", 1.1 * done + 0.05 * random.nextGaussian());
        line.put("rewards/accuracies", 0.5 + 0.3 * done + 0.04 * random.nextGaussian());
        line.put("logps/chosen", -20 - 3 * done + random.nextGaussian());
        line.put("logps/rejected", -24 - 9 * done + random.nextGaussian());
      }
      lines.append(json(line)).append('\n');
    }
    return lines.toString();
  }

  private static Map<String, Object> timings() {
    Map<String, Object> timings = new LinkedHashMap<>();
    timings.put("collect joint", 38.2);
    timings.put("train joint", 71.9);
    timings.put("collect generator-first", 35.0);
    timings.put("train generator-first", 60.4);
    timings.put("evaluate", 122.7);
    return timings;
  }

  private Map<String, Object> evaluation() {
    Map<String, Double> accuracies = new LinkedHashMap<>();
    accuracies.put("SA", 0.523);
    accuracies.put("SA+MV", 0.551);
    accuracies.put("MA", 0.531);
    accuracies.put("MA+MV", 0.562);
    accuracies.put("STaR SA", 0.547);
    accuracies.put("STaR SA+MV", 0.569);
    accuracies.put("STaR MA", 0.561);
    accuracies.put("STaR MA+MV", 0.588);
    accuracies.put("STaR MA GF", 0.574);
    accuracies.put("STaR MA GF+MV", 0.601);
    accuracies.put("MALT", 0.598);
    accuracies.put("MALT+MV", 0.631);
    accuracies.put("MALT GF", 0.631);
    accuracies.put("MALT GF+MV", 0.668);
    accuracies.put("debate", 0.557);
    accuracies.put("MALT+MV, untrained verifier", 0.594);
    accuracies.put("MALT+MV, shuffled critiques", 0.566);
    accuracies.put("MALT+MV, verifier's adapter on the refiner & <script>", 0.412);
    Map<String, Object> methods = new LinkedHashMap<>();
    accuracies.forEach((name, accuracy) -> methods.put(name, method(name, accuracy)));
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("name", "synthetic");
    root.put("created", "2026-01-02T03:04:05Z");
    root.put("model", "models/nano");
    root.put("benchmark", "arithmetic in words");
    root.put("grader", "number after ####");
    root.put("questions", 2000);
    root.put("seeds", IntStream.rangeClosed(1, seeds).boxed().toList());
    root.put("votes", 3);
    root.put("power", "With 2,000 questions a difference of 2.1 points is detected.");
    root.put("paper", Map.of("title", "synthetic-8b", "methods", paper()));
    root.put("methods", methods);
    root.put("comparisons", comparisons(accuracies));
    root.put("turns", turns());
    root.put("flips", flips());
    root.put("verifier", verifier());
    root.put("grading", Map.of("MALT", grading(12), "debate", grading(40)));
    return root;
  }

  private static Map<String, Object> paper() {
    return Map.of(
        "SA", Map.of("accuracy", 0.8425, "deviation", 0.0228), "debate", Map.of("accuracy", 0.52));
  }

  private Map<String, Object> method(String name, double accuracy) {
    List<Map<String, Object>> results = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      double own = accuracy + 0.012 * random.nextGaussian();
      results.add(Map.of("seed", seed, "n", 2000, "correct", (int) (2000 * own), "accuracy", own));
    }
    Map<String, Object> method = new LinkedHashMap<>();
    method.put("n", 2000 * seeds);
    method.put("correct", (int) (2000 * seeds * accuracy));
    method.put("ungradable", 7);
    method.put("accuracy", accuracy);
    method.put("interval", List.of(accuracy - 0.01, accuracy + 0.01));
    method.put("calls", name.contains("MV") ? 9 : name.contains("SA") ? 1 : 3);
    method.put("seeds", results);
    return method;
  }

  private List<Map<String, Object>> comparisons(Map<String, Double> accuracies) {
    List<Map<String, Object>> comparisons = new ArrayList<>();
    for (String b : List.of("SA", "SA+MV", "MA+MV", "STaR SA+MV", "STaR MA+MV", "debate")) {
      comparisons.add(comparison("MALT+MV", b, accuracies));
    }
    comparisons.add(comparison("MALT GF+MV", "STaR MA GF+MV", accuracies));
    comparisons.add(comparison("SA+MV", "debate", accuracies));
    comparisons.add(comparison("MALT+MV, shuffled critiques", "MALT+MV", accuracies));
    return comparisons;
  }

  private Map<String, Object> comparison(String a, String b, Map<String, Double> accuracies) {
    double difference = accuracies.get(a) - accuracies.get(b);
    double p = Math.exp(-Math.abs(difference) * 260);
    List<Map<String, Object>> seedTests = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      seedTests.add(Map.of("seed", seed, "a_only", 312, "b_only", 208, "p", 0.002));
    }
    Map<String, Object> comparison = new LinkedHashMap<>();
    comparison.put("a", a);
    comparison.put("b", b);
    comparison.put("difference", difference);
    comparison.put("interval", List.of(difference - 0.018, difference + 0.018));
    comparison.put("relative", difference / accuracies.get(b));
    comparison.put("p", p);
    comparison.put("p_holm", Math.min(1, 4 * p));
    comparison.put("mcnemar", seedTests);
    return comparison;
  }

  private static Map<String, Object> turns() {
    Map<String, Object> turns = new LinkedHashMap<>();
    turns.put("MA", turn(0.523, 0.523, 0.531));
    turns.put("STaR MA", turn(0.547, 0.549, 0.561));
    turns.put("MALT", turn(0.547, 0.551, 0.598));
    turns.put("STaR MA GF", turn(0.547, 0.553, 0.574));
    turns.put("MALT GF", turn(0.547, 0.556, 0.631));
    return turns;
  }

  private static Map<String, Object> turn(double... accuracies) {
    Map<String, Object> turn = new LinkedHashMap<>();
    for (int i = 0; i < accuracies.length; i++) {
      turn.put(ROLES.get(i), accuracies[i]);
    }
    return turn;
  }

  private static Map<String, Object> flips() {
    Map<String, Object> flips = new LinkedHashMap<>();
    List<String> teams = List.of("MA", "STaR MA", "MALT");
    for (int i = 0; i < teams.size(); i++) {
      Map<String, Object> counts = new LinkedHashMap<>();
      counts.put("right->right", 14000 + 300 * i);
      counts.put("right->wrong", 1700 - 400 * i);
      counts.put("wrong->right", 1900 + 700 * i);
      counts.put("wrong->wrong", 12400 - 600 * i);
      flips.put(teams.get(i), counts);
    }
    return flips;
  }

  private static Map<String, Object> verifier() {
    Map<String, Object> teams = new LinkedHashMap<>();
    List<String> names = List.of("MA", "STaR MA", "MALT");
    for (int i = 0; i < names.size(); i++) {
      Map<String, Object> quality = new LinkedHashMap<>();
      quality.put("recall", 0.41 + 0.14 * i);
      quality.put("false_alarm", 0.22 - 0.05 * i);
      quality.put("balanced_accuracy", (1 + 0.41 + 0.14 * i - 0.22 + 0.05 * i) / 2);
      quality.put("wrong", 14100);
      quality.put("right", 15900);
      teams.put(names.get(i), Map.of("verifier", quality));
    }
    return teams;
  }

  private static Map<String, Object> grading(int bad) {
    Map<String, Object> grading = new LinkedHashMap<>();
    grading.put("completions", 90000);
    grading.put("no_answer", bad);
    grading.put("truncated", bad / 2);
    grading.put("failed", 0);
    return grading;
  }

  private void file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String json(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
