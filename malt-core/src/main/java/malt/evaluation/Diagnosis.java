package malt.evaluation;

import java.util.ArrayList;
import java.util.List;
import malt.agent.AgentRole;
import malt.model.Completion;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import malt.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Follows the answer through the turns of a pass. */
final class Diagnosis {
  private final Grader grader;
  private final @Nullable FlagDetector flags;

  Diagnosis(Grader grader, @Nullable FlagDetector flags) {
    this.grader = grader;
    this.flags = flags;
  }

  TeamDiagnosis of(List<String> roles, Problem problem, Pass pass) {
    List<Completion> completions = pass.completions();
    if (pass.failedWithin(roles.size())) {
      return TeamDiagnosis.none(roles);
    }
    List<Grading> gradings =
        completions.stream()
            .map(completion -> grader.grade(problem, completion.response()))
            .toList();
    if (gradings.stream().anyMatch(grading -> grading.grade() == Grade.UNGRADABLE)) {
      return TeamDiagnosis.none(roles);
    }
    List<Long> right = new ArrayList<>();
    boolean standing = false;
    for (Grading grading : gradings) {
      standing = grading.extracted() == null ? standing : grading.correct();
      right.add(standing ? 1L : 0L);
    }
    Flips flips = Flips.of(gradings.get(0).correct(), gradings.get(gradings.size() - 1).correct());
    return new TeamDiagnosis(roles, 1, right, flips, flags(roles, completions, right));
  }

  private FlagCounts flags(List<String> roles, List<Completion> completions, List<Long> right) {
    int turn = roles.indexOf(AgentRole.VERIFIER.name());
    if (flags == null || turn < 1) {
      return FlagCounts.NONE;
    }
    return FlagCounts.of(right.get(turn - 1) == 1, flags.flags(completions.get(turn).text()));
  }
}
