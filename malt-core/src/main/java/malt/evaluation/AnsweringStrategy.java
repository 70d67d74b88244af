package malt.evaluation;

import java.util.List;

/** Which completions of a question's passes are put to the vote; one ballot needs no vote. */
public sealed interface AnsweringStrategy permits PassVote, UnflaggedVote {
  /** How many passes it reads; those beyond are ignored. */
  int passes();

  /**
   * How many of a pass's turns it reads, or rests on; those after them need not be sampled.
   *
   * @param turns of the team
   */
  int turns(int turns);

  /**
   * Model calls that the answer to one question costs.
   *
   * @param turns of the team
   */
  default int calls(int turns) {
    return passes() * turns(turns);
  }

  /**
   * The ballots, in the order of the passes.
   *
   * @param passes the first {@link #passes()} passes over one question
   * @param turns of the team
   */
  List<Ballot> ballots(List<Pass> passes, List<Turn> turns);
}
