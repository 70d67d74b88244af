package malt.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which questions belong together, as instances of one template do: such questions are answered
 * right or wrong together, so they are flipped and drawn whole (Miller 2024).
 *
 * @param members the questions of each cluster, by place
 */
record Clusters(List<List<Integer>> members) {
  Clusters {
    members = List.copyOf(members);
  }

  /**
   * @param names the cluster of each question, (Q)
   */
  static Clusters of(List<String> names) {
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int question = 0; question < names.size(); question++) {
      members.computeIfAbsent(names.get(question), name -> new ArrayList<>()).add(question);
    }
    return new Clusters(List.copyOf(members.values()));
  }

  /** Questions that all stand alone. */
  static Clusters single(int questions) {
    List<List<Integer>> members = new ArrayList<>();
    for (int question = 0; question < questions; question++) {
      members.add(List.of(question));
    }
    return new Clusters(members);
  }

  int count() {
    return members.size();
  }

  int questions() {
    return members.stream().mapToInt(List::size).sum();
  }

  /** Whether some questions belong together. */
  boolean together() {
    return count() < questions();
  }

  /** How many questions each has, (C). */
  int[] sizes() {
    return members.stream().mapToInt(List::size).toArray();
  }

  /** The sum of each cluster's values, (C), of those of the questions, (Q). */
  int[] sums(int[] values) {
    return members.stream()
        .mapToInt(questions -> questions.stream().mapToInt(question -> values[question]).sum())
        .toArray();
  }
}
