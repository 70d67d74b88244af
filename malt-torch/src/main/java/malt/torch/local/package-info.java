/** The door to this module: a model directory, opened once. */
@NullMarked
package malt.torch.local;

import org.jspecify.annotations.NullMarked;
