/** A role, its prompt and the model that plays it; the team as a chain of roles. */
@NullMarked
package malt.agent;

import org.jspecify.annotations.NullMarked;
