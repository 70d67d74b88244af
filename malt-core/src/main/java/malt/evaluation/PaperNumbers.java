package malt.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import malt.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The accuracies that the paper reports (arXiv 2412.01928v3), to be read beside ours. They fit four
 * runs of 100 questions each.
 *
 * @param title benchmark and model, the name in configurations
 * @param methods by the names of {@link PaperTable}
 */
public record PaperNumbers(String title, Map<String, Published> methods) {
  /**
   * A published accuracy, in [0, 1].
   *
   * @param deviation over the paper's four runs; null where it gives none
   */
  public record Published(double accuracy, @Nullable Double deviation) {}

  private static final List<String> TITLES =
      List.of(
          "gsm8k-llama-3.1-8b-instruct",
          "csqa-llama-3.1-8b-instruct",
          "math-llama-3.1-8b-instruct",
          "gsm8k-qwen2.5-1.5b-base",
          "gsm-symbolic-p1-llama-3.1-8b-instruct"); // trained on GSM8K

  /** A row for each method, a column for each title: percent, and its deviation where given. */
  private static final String TABLE =
      """
      SA         | 84.25 2.28 | 74.50 3.35 | 49.50 2.06 | 61.75 4.72 | 71.75
      SA+MV      | 86.75 2.38 | 75.75 5.49 | 52.50 2.50 | 65.00 3.56
      MA         | 84.75 2.86 | 77.50 5.17 | 51.75 3.56 | 60.50 2.89
      MA+MV      | 87.00 4.00 | 79.00 2.55 | 53.50 2.87 | 62.25 2.22
      STaR SA    | 81.75 0.83 | 76.25 4.32 | 52.25 1.48 | 63.50 1.73
      STaR SA+MV | 84.75 2.68 | 78.75 4.26 | 54.00 2.73 | 64.25 2.06
      STaR MA    | 80.00 1.58 | 75.50 2.69 | 52.50 3.20 | 62.50 4.20
      STaR MA+MV | 86.75 2.28 | 76.00 1.73 | 53.75 2.68 | 64.25 2.87
      MALT       | 83.50 2.18 | 77.50 1.12 | 52.25 1.79 | 71.00 3.56
      MALT+MV    | 90.50 2.06 | 81.50 2.29 | 57.25 1.48 | 74.50 2.65 | 84.75
      debate     | 86.75      | 71.25      | 52.00      |
      MALT+MV, untrained generator | 87.00 | 78.75 | 54.25 |
      MALT+MV, untrained verifier  | 85.75 | 76.75 | 54.50 |
      MALT+MV, untrained refiner   | 86.25 | 75.50 | 55.25 |
      MALT+MV, G                   | 84.75 | 78.75 | 54.00 |
      MALT+MV, G+V                 | 88.75 | 78.00 | 55.75 |
      MALT+MV, G+R                 | 84.75 | 76.25 | 54.75 |
      """;

  public PaperNumbers {
    methods = Collections.unmodifiableMap(new LinkedHashMap<>(methods));
  }

  /** The numbers of these methods alone. */
  PaperNumbers only(Set<String> names) {
    Map<String, Published> kept = new LinkedHashMap<>(methods);
    kept.keySet().retainAll(names);
    return new PaperNumbers(title, kept);
  }

  public static List<String> titles() {
    return TITLES;
  }

  /** The numbers of a title; of "" none. */
  public static PaperNumbers of(String title) {
    if (title.isEmpty()) {
      return new PaperNumbers("", Map.of());
    }
    int column = 1 + TITLES.indexOf(title);
    if (column == 0) {
      throw new ConfigException(
          "the paper has no numbers titled '%s'; known: %s"
              .formatted(title, String.join(", ", TITLES)));
    }
    Map<String, Published> methods = new LinkedHashMap<>();
    for (String line : TABLE.lines().toList()) {
      List<String> cells = cells(line);
      if (column < cells.size() && !cells.get(column).isEmpty()) {
        methods.put(cells.get(0), published(cells.get(column)));
      }
    }
    return new PaperNumbers(title, methods);
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split("\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  private static Published published(String cell) {
    String[] parts = cell.split(" +", -1);
    return new Published(
        Double.parseDouble(parts[0]) / 100,
        parts.length < 2 ? null : Double.valueOf(Double.parseDouble(parts[1]) / 100));
  }
}
