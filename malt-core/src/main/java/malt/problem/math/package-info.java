/**
 * Equality of mathematical answers written in LaTeX: normaliser, parser, typed tree, exact rational
 * or high-precision evaluation at seeded points. Bounded in time and memory by construction.
 */
@NullMarked
package malt.problem.math;

import org.jspecify.annotations.NullMarked;
