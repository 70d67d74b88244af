package malt.problem;

import java.util.ArrayList;
import java.util.List;
import malt.MalformedDataException;

/** Before a run: every reference answer, stated as an answer, must be graded CORRECT. */
public final class GraderSelfTest {
  private static final int MAX_SHOWN = 20;

  private GraderSelfTest() {}

  /** One line for each problem whose reference answer fails. */
  public static List<String> failures(Grader grader, List<Problem> problems) {
    List<String> failures = new ArrayList<>();
    for (Problem problem : problems) {
      Grading boxed = grader.grade(problem, Response.whole("\\boxed{" + problem.answer() + "}"));
      if (!boxed.correct()) {
        failures.add(
            "%s: \"%s\" is graded %s (%s)"
                .formatted(problem.id(), problem.answer(), boxed.grade(), boxed.reason()));
      }
    }
    return failures;
  }

  /**
   * Does nothing if the grader and the reference answers fit.
   *
   * @throws MalformedDataException listing the problems that do not
   */
  public static void require(Grader grader, List<Problem> problems) {
    List<String> failures = failures(grader, problems);
    if (!failures.isEmpty()) {
      int hidden = Math.max(0, failures.size() - MAX_SHOWN);
      throw new MalformedDataException(
          "the grader \"%s\" does not accept %d of %d reference answers:\n%s%s"
              .formatted(
                  grader.name(),
                  failures.size(),
                  problems.size(),
                  String.join("\n", failures.subList(0, failures.size() - hidden)),
                  hidden > 0 ? "\nand %d more".formatted(hidden) : ""));
    }
  }
}
