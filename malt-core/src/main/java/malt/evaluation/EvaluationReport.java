package malt.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a run; evaluation.json holds exactly these, in this order.
 *
 * @param name of the run
 * @param created ISO-8601 instant
 * @param grader name of the grader
 * @param questions test questions per seed
 * @param votes k of the methods that vote
 * @param paper numbers to be read beside ours, of the methods that are here
 * @param test what the p values and intervals are, in words
 * @param power the smallest detectable difference, in words
 * @param methods by name, in the order of the table
 * @param turns accuracy of the standing answer after each role's turn, by team; null without passes
 * @param flips by team
 * @param verifier by team
 * @param grading by method
 */
public record EvaluationReport(
    String name,
    String created,
    String model,
    String benchmark,
    String grader,
    int questions,
    List<Long> seeds,
    int votes,
    PaperNumbers paper,
    String test,
    String power,
    Map<String, MethodResult> methods,
    List<ComparisonResult> comparisons,
    Map<String, Map<String, @Nullable Double>> turns,
    Map<String, Flips> flips,
    Map<String, VerifierQuality> verifier,
    Map<String, GradingCounts> grading) {
  public EvaluationReport {
    seeds = List.copyOf(seeds);
    methods = ordered(methods);
    comparisons = List.copyOf(comparisons);
    turns = ordered(turns);
    flips = ordered(flips);
    verifier = ordered(verifier);
    grading = ordered(grading);
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
