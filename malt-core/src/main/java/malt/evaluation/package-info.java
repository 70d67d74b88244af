/**
 * Answering strategies, votes and paired statistics.
 *
 * <p>Where the paper is silent, these decisions are ours:
 *
 * <ul>
 *   <li>A method is a read-out of passes that were sampled once; SA is turn 0 of the MA passes.
 *   <li>Only the text of the turn that a method reads counts: a refiner that states no answer gives
 *       none. Turn-wise accuracy alone lets the previous answer stand.
 *   <li>Ties of a vote: see {@link malt.agent.MajorityVote}.
 *   <li>A pass with a failed completion casts no vote. A question all of whose votes failed stays
 *       in n without being correct, so that all methods have one denominator and pairs stay whole;
 *       it is counted as ungradable in its method's row, and the failed completions under grading.
 *   <li>Passes that failed, or whose reference answer is broken, are left out of turn-wise
 *       accuracy, flips and the verifier's quality.
 *   <li>"G+V" without a refiner: see {@link malt.evaluation.UnflaggedVote}.
 *   <li>The p value takes the trained seeds as they are; the interval of a difference draws seeds
 *       too, so with few seeds it is the wider statement of the two.
 * </ul>
 */
@NullMarked
package malt.evaluation;

import org.jspecify.annotations.NullMarked;
