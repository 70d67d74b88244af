package malt.problem;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import malt.MalformedDataException;

/** A question that stands in two sets: what is trained on it, or chosen by it, is not tested. */
public final class SharedQuestions {
  private static final int MAX_SHOWN = 20;

  private SharedQuestions() {}

  /** One line for each question of {@code other} that {@code file} has too. */
  public static List<String> between(ProblemFile file, ProblemFile other) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < file.problems().size(); i++) {
      places.putIfAbsent(key(file.problems().get(i)), i);
    }
    List<String> shared = new ArrayList<>();
    for (int i = 0; i < other.problems().size(); i++) {
      Integer place = places.get(key(other.problems().get(i)));
      if (place != null) {
        shared.add("%s asks the question of %s".formatted(other.where(i), file.where(place)));
      }
    }
    return shared;
  }

  /**
   * Does nothing if no two of the files share a question.
   *
   * @throws MalformedDataException listing those that are shared, with file and line
   */
  public static void requireNone(List<ProblemFile> files) {
    List<String> shared = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      for (int j = i + 1; j < files.size(); j++) {
        shared.addAll(between(files.get(i), files.get(j)));
      }
    }
    if (!shared.isEmpty()) {
      int hidden = Math.max(0, shared.size() - MAX_SHOWN);
      throw new MalformedDataException(
          "%d questions stand in two sets; remove them from one:%n%s%s"
              .formatted(
                  shared.size(),
                  String.join("\n", shared.subList(0, shared.size() - hidden)),
                  hidden > 0 ? "\nand %d more".formatted(hidden) : ""));
    }
  }

  /** Case and white space do not make another question. */
  static String key(Problem problem) {
    return problem.question().strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }
}
