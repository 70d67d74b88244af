package malt.evaluation;

import java.util.List;
import malt.agent.Judgement;
import malt.model.Completion;

/**
 * A team that ends with a critique (the ablation "G+V"): the answers of those passes whose critique
 * does not flag them; if all are flagged, all count. With one pass it is the answer criticised. The
 * paper does not say how it read this ablation; this rule is ours.
 *
 * @param passes votes before critiques are heard, k
 * @param critique the turn that judges
 * @param judges which answer it judges, and how to read what it says of it
 */
public record UnflaggedVote(int passes, int critique, Judgement judges)
    implements AnsweringStrategy {
  public UnflaggedVote {
    if (passes < 1 || critique <= judges.turn()) {
      throw new IllegalArgumentException("passes %d, critique %d".formatted(passes, critique));
    }
  }

  @Override
  public int turns(int turns) {
    return critique + 1;
  }

  @Override
  public List<Ballot> ballots(List<Pass> all, List<Turn> turns) {
    List<Ballot> unflagged =
        all.stream()
            .filter(pass -> !flagged(pass))
            .map(pass -> pass.ballot(judges.turn()))
            .toList();
    boolean anyCounts = unflagged.stream().anyMatch(ballot -> !ballot.failed());
    return anyCounts ? unflagged : all.stream().map(pass -> pass.ballot(judges.turn())).toList();
  }

  private boolean flagged(Pass pass) {
    List<Completion> completions = pass.completions();
    return completions.size() > critique && judges.flags(completions.get(critique).text());
  }
}
