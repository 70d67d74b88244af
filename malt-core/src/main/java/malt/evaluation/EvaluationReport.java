package malt.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a run; evaluation.json holds exactly these, in this order.
 *
 * @param format of the file, {@link #FORMAT}
 * @param name of the run
 * @param created ISO-8601 instant
 * @param grader name of the grader
 * @param questions test questions per seed
 * @param votes k of the methods that vote
 * @param paper numbers to be read beside ours, of the methods that are here
 * @param test what the p values and intervals are, in words
 * @param power the smallest detectable difference, in words
 * @param teams the turns that were read of each team, in order
 * @param methods by name, in the order of the table
 * @param turns accuracy of the standing answer after each turn, by team and turn; null without
 *     passes
 * @param flips by team
 * @param verifier how well critiques flag wrong answers, by team and judging turn
 * @param grading by method
 */
public record EvaluationReport(
    int format,
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
    Map<String, List<Turn>> teams,
    Map<String, MethodResult> methods,
    List<ComparisonResult> comparisons,
    Map<String, Map<String, @Nullable Double>> turns,
    Map<String, Flips> flips,
    Map<String, Map<String, VerifierQuality>> verifier,
    Map<String, GradingCounts> grading) {
  /** What this version writes, and reads. */
  public static final int FORMAT = 3;

  public EvaluationReport {
    seeds = List.copyOf(seeds);
    teams = ordered(teams);
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
