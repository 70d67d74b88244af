package malt.evaluation;

import java.util.ArrayList;
import java.util.List;
import malt.agent.Judgement;
import malt.model.Completion;
import malt.problem.Grade;
import malt.problem.Grader;
import malt.problem.Grading;
import malt.problem.Problem;

/** Follows the answer through the turns of a pass. */
final class Diagnosis {
  private final Grader grader;

  Diagnosis(Grader grader) {
    this.grader = grader;
  }

  TeamDiagnosis of(List<Turn> turns, Problem problem, Pass pass) {
    List<Completion> completions = pass.completions();
    if (pass.failedWithin(turns.size())) {
      return TeamDiagnosis.none(turns);
    }
    List<Grading> gradings =
        completions.stream()
            .map(completion -> grader.grade(problem, completion.response()))
            .toList();
    if (gradings.stream().anyMatch(grading -> grading.grade() == Grade.UNGRADABLE)) {
      return TeamDiagnosis.none(turns);
    }
    List<Long> right = new ArrayList<>();
    boolean standing = false;
    for (int turn = 0; turn < turns.size(); turn++) {
      if (turn < gradings.size() && gradings.get(turn).extracted() != null) {
        standing = gradings.get(turn).correct();
      }
      right.add(standing ? 1L : 0L);
    }
    Grading last = gradings.get(Turn.answering(turns, gradings.size()));
    Flips flips = Flips.of(gradings.get(0).correct(), last.correct());
    return new TeamDiagnosis(turns, 1, right, flips, flags(turns, completions, right));
  }

  private static List<FlagCounts> flags(
      List<Turn> turns, List<Completion> completions, List<Long> right) {
    List<FlagCounts> counts = new ArrayList<>();
    for (int turn = 0; turn < turns.size(); turn++) {
      Judgement judges = turns.get(turn).judges();
      counts.add(
          judges == null || !judges.tells() || turn >= completions.size()
              ? FlagCounts.NONE
              : FlagCounts.of(
                  right.get(judges.turn()) == 1, judges.flags(completions.get(turn).text())));
    }
    return counts;
  }
}
