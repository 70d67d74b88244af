package malt.problem;

import java.nio.file.Path;
import java.util.List;

/**
 * What a benchmark's file holds.
 *
 * @param problems in the file's order
 * @param lines the line (or row) of each, from 1
 * @param leftOut rows that cannot be graded, each with file, line and reason
 */
public record ProblemFile(
    Path file, List<Problem> problems, List<Integer> lines, List<String> leftOut) {
  public ProblemFile {
    problems = List.copyOf(problems);
    lines = List.copyOf(lines);
    leftOut = List.copyOf(leftOut);
  }

  /** The same file as if it ended after {@code count} problems; 0 leaves it whole. */
  public ProblemFile first(int count) {
    int kept = count == 0 ? problems.size() : Math.min(count, problems.size());
    return new ProblemFile(file, problems.subList(0, kept), lines.subList(0, kept), leftOut);
  }

  /** File and line of a problem: "test.jsonl:17". */
  public String where(int index) {
    return file + ":" + lines.get(index);
  }
}
