package malt.app.team;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import malt.agent.MajorityVote;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Grader;

/**
 * What a team said to a question.
 *
 * @param passes each pass's completions, turn by turn; fewer turns where one failed
 * @param winner the pass whose last turn is the answer
 * @param votes passes by the answer they give, in the order of the first; those without one are
 *     left out
 */
public record TeamAnswer(List<List<Completion>> passes, int winner, Map<String, Integer> votes) {
  static TeamAnswer of(List<List<Completion>> passes, int turns, Grader grader, String question) {
    List<Completion> last =
        passes.stream()
            .filter(pass -> pass.size() == turns && !failed(pass))
            .map(pass -> pass.get(turns - 1))
            .toList();
    Map<String, Integer> votes = new LinkedHashMap<>();
    for (MajorityVote.Votes one : MajorityVote.count(grader, question, last)) {
      votes.put(one.answer(), one.completions().size());
    }
    Completion winner =
        MajorityVote.winner(grader, question, last)
            .orElse(last.isEmpty() ? passes.get(0).get(0) : last.get(0));
    int index = 0;
    while (!passes.get(index).contains(winner)) {
      index++;
    }
    return new TeamAnswer(List.copyOf(passes), index, votes);
  }

  private static boolean failed(List<Completion> pass) {
    return pass.get(pass.size() - 1).finish() == FinishReason.FAILED;
  }

  /** The last completion of the winning pass. */
  public Completion answer() {
    List<Completion> pass = passes.get(winner);
    return Objects.requireNonNull(pass.get(pass.size() - 1));
  }
}
