/** Tensors, their lifetimes and threads; the only package that sees JavaCPP. */
@NullMarked
package malt.torch.tensor;

import org.jspecify.annotations.NullMarked;
