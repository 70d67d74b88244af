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
 * @param tokens sampled in the calls that a method makes, over all questions, by method name
 * @param training what it took to train who answers, by method name; of who is not named, nothing
 * @param diagnosis null for a team of one turn and for debates
 */
public record TeamEvaluation(
    long seed,
    String team,
    List<Turn> turns,
    List<QuestionOutcome> outcomes,
    Map<String, GradingCounts> grading,
    Map<String, Long> tokens,
    Map<String, TrainingCost> training,
    @Nullable TeamDiagnosis diagnosis) {
  public TeamEvaluation {
    turns = List.copyOf(turns);
    outcomes = List.copyOf(outcomes);
    grading = Collections.unmodifiableMap(new LinkedHashMap<>(grading));
    tokens = Map.copyOf(tokens);
    training = Map.copyOf(training);
  }

  /** The same of passes that end before the team's last turn: they say nothing of its turns. */
  public TeamEvaluation undiagnosed() {
    return new TeamEvaluation(seed, team, turns, outcomes, grading, tokens, training, null);
  }

  /** The same with what the training of each method took. */
  public TeamEvaluation costing(Map<String, TrainingCost> costs) {
    return new TeamEvaluation(seed, team, turns, outcomes, grading, tokens, costs, diagnosis);
  }
}
