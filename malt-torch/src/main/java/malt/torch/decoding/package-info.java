/**
 * Continuing sequences without gradients over a tree of keys and values, in two ways: the
 * processor's own loops on packed weights, and LibTorch's operations wherever the weights lie.
 *
 * <ul>
 *   <li>Where to start: {@link Decoder} is the forward; a {@link Feed} appends tokens to a {@link
 *       KeyValueNode}, whose path to the root is what they see; a {@link KeyValueStore} says who
 *       uses which page.
 *   <li>By operations: {@link TensorDecoder} runs the model's layers, {@link TensorMemory} holds
 *       keys and values, all in all of which every token looks under a mask. What follows is of the
 *       processor's {@link PackedDecoder}.
 *   <li>Weights: {@link PackedModel} lays them out once, as {@link Product}s; {@link
 *       AdaptedProduct} adds an adapter.
 *   <li>Attention: {@link AttentionPlan} says once which tokens look at which nodes, {@link
 *       TreeAttention} computes it, over {@link KeyValuePage}s.
 *   <li>Between the products: {@link Residual} adds and norms on Java arrays.
 *   <li>Threads: each member of a {@link malt.torch.tensor.Team} computes a {@link Shard} of every
 *       product.
 * </ul>
 */
@NullMarked
package malt.torch.decoding;

import org.jspecify.annotations.NullMarked;
