/** A run's data as data sets for other trainers, in the keys of TRL. */
@NullMarked
package malt.app.export;

import org.jspecify.annotations.NullMarked;
