package malt.problem;

import java.nio.file.Path;
import java.util.List;

/**
 * What a benchmark's file holds.
 *
 * @param problems in the file's order
 * @param places file and line of each, "test.jsonl:17", or its own file
 * @param leftOut rows that cannot be graded, each with file, line and reason
 */
public record ProblemFile(
    Path file, List<Problem> problems, List<String> places, List<String> leftOut) {
  public ProblemFile {
    problems = List.copyOf(problems);
    places = List.copyOf(places);
    leftOut = List.copyOf(leftOut);
  }

  /** The same file as if it ended after {@code count} problems; 0 leaves it whole. */
  public ProblemFile first(int count) {
    int kept = count == 0 ? problems.size() : Math.min(count, problems.size());
    return new ProblemFile(file, problems.subList(0, kept), places.subList(0, kept), leftOut);
  }

  /** Where a problem stands: "test.jsonl:17". */
  public String where(int index) {
    return places.get(index);
  }
}
