/**
 * Continuing sequences without gradients: packed weights, a tree of keys and values.
 *
 * <ul>
 *   <li>Where to start: {@link Decoder} is the forward; a {@link Feed} appends tokens to a {@link
 *       KeyValueNode}, whose path to the root is what they see.
 *   <li>Weights: {@link PackedModel} lays them out once, as {@link Product}s; {@link
 *       AdaptedProduct} adds an adapter.
 *   <li>Attention: {@link AttentionPlan} says once which tokens look at which nodes, {@link
 *       TreeAttention} computes it, {@link KeyValueStore} is the memory, of {@link KeyValuePage}s.
 *   <li>Between the products: {@link Residual} adds and norms on Java arrays.
 *   <li>Threads: each member of a {@link malt.torch.tensor.Team} computes a {@link Shard} of every
 *       product.
 * </ul>
 */
@NullMarked
package malt.torch.decoding;

import org.jspecify.annotations.NullMarked;
