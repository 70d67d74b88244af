/** How far a stage has come, drawn in the terminal. */
@NullMarked
package malt.app.progress;

import org.jspecify.annotations.NullMarked;
