package malt.app.report.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The contents of evaluation.json.
 *
 * @param power which difference could be found, in words
 * @param paperTitle which of the paper's runs stands beside this one; "" for none
 * @param paper its accuracies, by method
 * @param turns accuracy after each role's turn, by team and role
 * @param flips passes by "right-&gt;wrong" and its like (first answer to final answer), by team
 * @param grading completions, no_answer, truncated, failed, by team
 */
public record Evaluation(
    String name,
    String created,
    String model,
    String benchmark,
    String grader,
    long questions,
    List<Long> seeds,
    long votes,
    String power,
    String paperTitle,
    Map<String, Published> paper,
    List<MethodResult> methods,
    List<Comparison> comparisons,
    Map<String, Map<String, Double>> turns,
    Map<String, Map<String, Long>> flips,
    List<VerifierQuality> verifiers,
    Map<String, Map<String, Long>> grading) {

  public Optional<MethodResult> method(String wanted) {
    return methods.stream().filter(method -> method.name().equals(wanted)).findFirst();
  }

  public Optional<Comparison> comparison(String a, String b) {
    return comparisons.stream()
        .filter(comparison -> comparison.a().equals(a) && comparison.b().equals(b))
        .findFirst();
  }
}
