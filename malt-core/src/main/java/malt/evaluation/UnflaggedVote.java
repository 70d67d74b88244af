package malt.evaluation;

import java.util.List;
import malt.model.Completion;

/**
 * Generator and verifier without a refiner (the ablation "G+V"): the generator's answers of those
 * passes whose critique does not flag them; if all are flagged, all count. With one pass it is the
 * generator's answer. The paper does not say how it read this ablation; this rule is ours.
 *
 * @param passes votes before critiques are heard, k
 */
public record UnflaggedVote(int passes, FlagDetector flags) implements AnsweringStrategy {
  private static final int ANSWER = 0;
  private static final int CRITIQUE = 1;

  public UnflaggedVote {
    if (passes < 1) {
      throw new IllegalArgumentException("passes " + passes);
    }
  }

  @Override
  public int turns(int turns) {
    return CRITIQUE + 1;
  }

  @Override
  public List<Ballot> ballots(List<Pass> all, int turns) {
    List<Ballot> unflagged =
        all.stream().filter(pass -> !flagged(pass)).map(pass -> pass.ballot(ANSWER)).toList();
    boolean anyCounts = unflagged.stream().anyMatch(ballot -> !ballot.failed());
    return anyCounts ? unflagged : all.stream().map(pass -> pass.ballot(ANSWER)).toList();
  }

  private boolean flagged(Pass pass) {
    List<Completion> completions = pass.completions();
    return completions.size() > CRITIQUE && flags.flags(completions.get(CRITIQUE).text());
  }
}
