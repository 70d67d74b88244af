/** The laboratory: benchmarks, each a main; never a dependency of anything. */
@NullMarked
package malt.bench;

import org.jspecify.annotations.NullMarked;
