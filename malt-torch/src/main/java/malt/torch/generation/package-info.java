/** Batched sampling over a forked cache. */
@NullMarked
package malt.torch.generation;

import org.jspecify.annotations.NullMarked;
