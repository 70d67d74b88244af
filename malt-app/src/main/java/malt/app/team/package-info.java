/** A team that answers questions one at a time, for a terminal or behind a server. */
@NullMarked
package malt.app.team;

import org.jspecify.annotations.NullMarked;
