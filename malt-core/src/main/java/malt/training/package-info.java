/** The port to whatever trains adapters. */
@NullMarked
package malt.training;

import org.jspecify.annotations.NullMarked;
