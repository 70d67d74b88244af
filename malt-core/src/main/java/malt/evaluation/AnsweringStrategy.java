package malt.evaluation;

import java.util.List;

/** Which completions of a question's passes are put to the vote; one ballot needs no vote. */
public sealed interface AnsweringStrategy permits PassVote, UnflaggedVote, DebateVote {
  /** How many passes it reads; those beyond are ignored. */
  int passes();

  /**
   * Model calls that the answer to one question costs.
   *
   * @param turns of the team
   */
  int calls(int turns);

  /**
   * The ballots, in the order of the passes.
   *
   * @param passes the first {@link #passes()} passes over one question
   * @param turns of the team
   */
  List<Ballot> ballots(List<Pass> passes, int turns);
}
