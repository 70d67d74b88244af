/** A run directory opened: its problems, its models, and what can be made of it without them. */
@NullMarked
package malt.app.run;

import org.jspecify.annotations.NullMarked;
