/**
 * A run's work on a Spark cluster: chunks are expanded by executors, each with a model of its own,
 * and what they sampled comes back to the driver, which alone writes the journal.
 */
@NullMarked
package malt.spark;

import org.jspecify.annotations.NullMarked;
