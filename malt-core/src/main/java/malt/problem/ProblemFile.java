package malt.problem;

import java.util.List;

/**
 * What a benchmark's file holds.
 *
 * @param problems in the file's order
 * @param leftOut rows that cannot be graded, each with file, line and reason
 */
public record ProblemFile(List<Problem> problems, List<String> leftOut) {
  public ProblemFile {
    problems = List.copyOf(problems);
    leftOut = List.copyOf(leftOut);
  }
}
