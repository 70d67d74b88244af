/** Checkpoints in safetensors, and the configuration beside them. */
@NullMarked
package malt.torch.weights;

import org.jspecify.annotations.NullMarked;
