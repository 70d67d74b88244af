/** Expansion of a problem into a search tree, and the journal that keeps it. */
@NullMarked
package malt.tree;

import org.jspecify.annotations.NullMarked;
