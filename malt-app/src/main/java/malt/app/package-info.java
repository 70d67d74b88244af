/** The application: command line, wiring, reports, and the embedded model's task. */
@NullMarked
package malt.app;

import org.jspecify.annotations.NullMarked;
