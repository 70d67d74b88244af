/** A team in a terminal. */
@NullMarked
package malt.app.chat;

import org.jspecify.annotations.NullMarked;
