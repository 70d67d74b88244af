/** Multi-agent LLM training (MALT, arXiv 2412.01928): the method, free of any native code. */
@NullMarked
package malt;

import org.jspecify.annotations.NullMarked;
