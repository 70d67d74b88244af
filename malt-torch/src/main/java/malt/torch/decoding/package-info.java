/** Continuing sequences without gradients: packed weights, a tree of keys and values. */
@NullMarked
package malt.torch.decoding;

import org.jspecify.annotations.NullMarked;
