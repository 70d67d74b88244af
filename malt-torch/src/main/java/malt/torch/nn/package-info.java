/**
 * The decoder: layers as records of named weights.
 *
 * <ul>
 *   <li>The model: {@link CausalLm}, of {@link DecoderLayer}s, of {@link Attention} and {@link
 *       FeedForward}, of {@link Linear}, {@link RmsNorm} and {@link Rotary}. This forward is the
 *       one that tests hold against transformers.
 *   <li>The same with an adapter and its gradients, by hand: {@link AdaptedForward}, of {@link
 *       AdaptedLayer}s, of {@link AdaptedAttention} and {@link AdaptedLinear} over a {@link
 *       FrozenProduct}; {@link BlockAttention} and {@link TokenRows} do without padding.
 *   <li>What comes out: {@link LogProbs} of logits, {@link TargetLogProbs} of hidden states.
 *   <li>{@link MergedCheckpoint} writes a base with an adapter merged into it.
 * </ul>
 */
@NullMarked
package malt.torch.nn;

import org.jspecify.annotations.NullMarked;
