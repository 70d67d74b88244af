/**
 * MALT as a library: each class is a program of its own that can be copied. docs/library.md shows
 * what stands between {@code // region} and {@code // endregion}.
 */
@NullMarked
package malt.examples;

import org.jspecify.annotations.NullMarked;
