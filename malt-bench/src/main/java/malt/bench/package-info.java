/** Benchmarks; each main prints the numbers that the documents quote. */
@NullMarked
package malt.bench;

import org.jspecify.annotations.NullMarked;
