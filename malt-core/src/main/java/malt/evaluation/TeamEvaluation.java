package malt.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything the report needs from one team's passes in one seed; the passes themselves can go.
 *
 * @param team its name
 * @param turns that were read
 * @param outcomes of every method that reads this team, question by question
 * @param grading by method name
 * @param diagnosis null for a team of one turn and for debates
 */
public record TeamEvaluation(
    long seed,
    String team,
    List<Turn> turns,
    List<QuestionOutcome> outcomes,
    Map<String, GradingCounts> grading,
    @Nullable TeamDiagnosis diagnosis) {
  public TeamEvaluation {
    turns = List.copyOf(turns);
    outcomes = List.copyOf(outcomes);
    grading = Collections.unmodifiableMap(new LinkedHashMap<>(grading));
  }

  /** The same of passes that end before the team's last turn: they say nothing of its turns. */
  public TeamEvaluation undiagnosed() {
    return new TeamEvaluation(seed, team, turns, outcomes, grading, null);
  }
}
