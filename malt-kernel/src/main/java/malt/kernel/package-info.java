/** The inner loops of attention, on Java arrays: nothing of LibTorch, nothing of the method. */
@NullMarked
package malt.kernel;

import org.jspecify.annotations.NullMarked;
