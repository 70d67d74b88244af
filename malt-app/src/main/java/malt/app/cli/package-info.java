/** The command line; the only place that prints and exits. */
@NullMarked
package malt.app.cli;

import org.jspecify.annotations.NullMarked;
