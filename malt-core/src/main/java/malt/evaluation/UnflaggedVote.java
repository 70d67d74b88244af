package malt.evaluation;

import java.util.List;
import malt.model.Completion;

/**
 * A team that ends with a critique (the ablation "G+V"): the answers of those passes whose critique
 * does not flag them; if all are flagged, all count. With one pass it is the answer criticised. The
 * paper does not say how it read this ablation; this rule is ours.
 *
 * @param passes votes before critiques are heard, k
 * @param critique the turn that judges the answer of the turn before it
 */
public record UnflaggedVote(int passes, int critique, FlagDetector flags)
    implements AnsweringStrategy {
  public UnflaggedVote {
    if (passes < 1 || critique < 1) {
      throw new IllegalArgumentException("passes %d, critique %d".formatted(passes, critique));
    }
  }

  @Override
  public int turns(int turns) {
    return critique + 1;
  }

  @Override
  public List<Ballot> ballots(List<Pass> all, int turns) {
    List<Ballot> unflagged =
        all.stream().filter(pass -> !flagged(pass)).map(pass -> pass.ballot(critique - 1)).toList();
    boolean anyCounts = unflagged.stream().anyMatch(ballot -> !ballot.failed());
    return anyCounts ? unflagged : all.stream().map(pass -> pass.ballot(critique - 1)).toList();
  }

  private boolean flagged(Pass pass) {
    List<Completion> completions = pass.completions();
    return completions.size() > critique && flags.flags(completions.get(critique).text());
  }
}
