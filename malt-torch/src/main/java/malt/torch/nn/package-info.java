/** The decoder: layers as records of named weights. */
@NullMarked
package malt.torch.nn;

import org.jspecify.annotations.NullMarked;
