/** Configuration, the run directory, and the experiment that composes all of it. */
@NullMarked
package malt.experiment;

import org.jspecify.annotations.NullMarked;
