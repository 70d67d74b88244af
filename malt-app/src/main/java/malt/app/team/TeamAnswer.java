package malt.app.team;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import malt.agent.AgentTeam;
import malt.agent.MajorityVote;
import malt.model.Completion;
import malt.model.FinishReason;
import malt.problem.Grader;

/**
 * What a team said to a question.
 *
 * @param passes each pass's completions, turn by turn; fewer turns where one failed or nobody
 *     objected any more
 * @param winner the pass that holds the answer
 * @param turn of that pass whose completion is the answer
 * @param votes voices by the answer they give, in the order of the first; those without one are
 *     left out
 */
public record TeamAnswer(
    List<List<Completion>> passes, int winner, int turn, Map<String, Integer> votes) {

  /** A completion that is put to the vote, and where it stands. */
  private record Voice(int pass, int turn, Completion said) {}

  static TeamAnswer of(
      List<List<Completion>> passes, AgentTeam team, Grader grader, String question) {
    List<Voice> voices = new ArrayList<>();
    for (int pass = 0; pass < passes.size(); pass++) {
      List<Completion> said = passes.get(pass);
      if (said.get(said.size() - 1).finish() != FinishReason.FAILED) {
        for (int turn : team.answering(said.size())) {
          voices.add(new Voice(pass, turn, said.get(turn)));
        }
      }
    }
    List<Completion> said = voices.stream().map(Voice::said).toList();
    Map<String, Integer> votes = new LinkedHashMap<>();
    for (MajorityVote.Votes one : MajorityVote.count(grader, question, said)) {
      votes.put(one.answer(), one.completions().size());
    }
    Completion winner = MajorityVote.winner(grader, question, said).orElse(null);
    Voice answer =
        voices.stream()
            .filter(voice -> winner == null || voice.said().equals(winner))
            .findFirst()
            .orElseGet(() -> new Voice(0, passes.get(0).size() - 1, passes.get(0).get(0)));
    return new TeamAnswer(List.copyOf(passes), answer.pass(), answer.turn(), votes);
  }

  /** The winning completion. */
  public Completion answer() {
    return passes.get(winner).get(turn);
  }
}
