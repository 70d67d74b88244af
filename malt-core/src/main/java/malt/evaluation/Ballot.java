package malt.evaluation;

import malt.model.Completion;

/**
 * A completion put to the vote.
 *
 * @param failed the model failed on it, or on a turn that it rests on; then it casts no vote
 */
public record Ballot(Completion completion, boolean failed) {}
